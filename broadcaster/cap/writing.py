"""Our own alarms as CAP 1.2 documents."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from broadcaster.cap.structure import NAMESPACE
from broadcaster.cap.values import Alert, AlertInfo, Area, Point, Reference

register_namespace("", NAMESPACE)


def write(alert: Alert) -> bytes:
    """The document, unsigned, in UTF-8."""
    root = Element(_name("alert"))
    for name, text in (
        ("identifier", alert.identifier),
        ("sender", alert.sender),
        ("sent", _instant(alert.sent_at)),
        ("status", alert.status),
        ("msgType", alert.message_type),
        ("scope", alert.scope),
        ("note", alert.note),
        ("references", " ".join(map(_reference, alert.references))),
    ):
        _add(root, name, text)
    for info in alert.infos:
        _write_info(SubElement(root, _name("info")), info)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _write_info(element: Element, info: AlertInfo) -> None:
    _add(element, "language", info.language)
    _add_all(element, "category", info.categories)
    _add(element, "event", info.event)
    _add_all(element, "responseType", info.response_types)
    for name, text in (("urgency", info.urgency), ("severity", info.severity), ("certainty", info.certainty)):
        _add(element, name, text)
    for name, at in (("effective", info.effective_at), ("onset", info.onset_at), ("expires", info.expires_at)):
        _add(element, name, _instant(at) if at else "")
    for name, text in (
        ("senderName", info.sender_name),
        ("headline", info.headline),
        ("description", info.description),
        ("instruction", info.instruction),
    ):
        _add(element, name, text)
    for area in info.areas:
        _write_area(SubElement(element, _name("area")), area)


def _write_area(element: Element, area: Area) -> None:
    _add(element, "areaDesc", area.description)
    _add_all(element, "polygon", (" ".join(map(_point, ring)) for ring in area.polygons))
    _add_all(element, "circle", (f"{_point(each.centre)} {each.radius_km:g}" for each in area.circles))
    for name, value in area.geocodes:
        code = SubElement(element, _name("geocode"))
        _add(code, "valueName", name)
        _add(code, "value", value)


def _add(parent: Element, name: str, text: str) -> None:
    if text:
        SubElement(parent, _name(name)).text = text


def _add_all(parent: Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _add(parent, name, text)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _instant(at: datetime) -> str:
    """CAP wants the distance from UTC in numbers, and ``-00:00`` for UTC itself."""
    written = at.replace(microsecond=0).isoformat()
    return written.replace("+00:00", "-00:00") if at.utcoffset() == UTC.utcoffset(at) else written


def _reference(reference: Reference) -> str:
    return f"{reference.sender},{reference.identifier},{_instant(reference.sent_at)}"


def _point(point: Point) -> str:
    return f"{point.latitude:.5f},{point.longitude:.5f}"
