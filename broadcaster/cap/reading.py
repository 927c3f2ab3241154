"""The bytes of a stranger become an Alert, or a refusal that says what is wrong with them."""

from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from broadcaster.cap import signatures
from broadcaster.cap.structure import (
    NAMESPACE,
    check,
    circle,
    moment,
    polygon,
    references,
    split,
    text_of,
)
from broadcaster.cap.values import Alert, AlertInfo, Area
from broadcaster.errors import Invalid

MOST_BYTES = 1_000_000
MOST_DEPTH = 20
_NS = {"cap": NAMESPACE}


def read(document: bytes, *, certificate: str | None = None, now_at: datetime | None = None) -> Alert:
    """The message in a document.

    ``certificate``: PEM of whoever must have signed it; then only what the signature covers is read, and a document
    without signature is refused. ``now_at``: when the certificate must be valid. Raises Invalid.
    """
    if len(document) > MOST_BYTES:
        raise Invalid("cap.too_large", most=MOST_BYTES)
    root = _parsed(document)
    if certificate is not None:
        root = _parsed(signatures.signed_part(document, certificate, now_at=now_at))
    namespace, name = split(root.tag)
    if name != "alert" or namespace != NAMESPACE:
        raise Invalid("cap.not_an_alert", element=f"{name} {namespace}".strip()[:120])
    check(root)
    return _alert(root, signed=certificate is not None)


def _parsed(document: bytes) -> Element:
    try:
        root: Element = fromstring(document, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Invalid("cap.dangerous") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Invalid("cap.not_xml") from error
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise Invalid("cap.dangerous")
        level = [child for each in level for child in each]


def _alert(root: Element, *, signed: bool) -> Alert:
    alert = Alert(
        identifier=_text(root, "identifier"),
        sender=_text(root, "sender"),
        sent_at=moment(_text(root, "sent"), "sent"),
        status=_text(root, "status"),
        message_type=_text(root, "msgType"),
        scope=_text(root, "scope"),
        references=references(_text(root, "references")),
        infos=tuple(_info(each) for each in root.findall("cap:info", _NS)),
        note=_text(root, "note"),
        signed=signed,
    )
    _check_together(alert, root)
    return alert


def _check_together(alert: Alert, root: Element) -> None:
    """Rules of the standard that no schema says."""
    if alert.message_type in ("Update", "Cancel", "Ack", "Error") and not alert.references:
        raise Invalid("cap.references_missing", type=alert.message_type)
    if alert.reference in alert.references:
        raise Invalid("cap.refers_to_itself")
    if alert.scope == "Restricted" and not _text(root, "restriction"):
        raise Invalid("cap.element_missing", element="restriction", parent="alert")
    if alert.scope == "Private" and not _text(root, "addresses"):
        raise Invalid("cap.element_missing", element="addresses", parent="alert")
    if alert.message_type in ("Alert", "Update") and not alert.infos:
        raise Invalid("cap.element_missing", element="info", parent="alert")


def _info(element: Element) -> AlertInfo:
    return AlertInfo(
        language=_text(element, "language") or "en-US",
        categories=_texts(element, "category"),
        event=_text(element, "event"),
        urgency=_text(element, "urgency"),
        severity=_text(element, "severity"),
        certainty=_text(element, "certainty"),
        response_types=_texts(element, "responseType"),
        effective_at=_moment(element, "effective"),
        onset_at=_moment(element, "onset"),
        expires_at=_moment(element, "expires"),
        sender_name=_text(element, "senderName"),
        headline=_text(element, "headline"),
        description=_text(element, "description"),
        instruction=_text(element, "instruction"),
        areas=tuple(_area(each) for each in element.findall("cap:area", _NS)),
    )


def _area(element: Element) -> Area:
    return Area(
        description=_text(element, "areaDesc"),
        polygons=tuple(polygon(each) for each in _texts(element, "polygon")),
        circles=tuple(circle(each) for each in _texts(element, "circle")),
        geocodes=tuple(
            (_text(each, "valueName"), _text(each, "value")) for each in element.findall("cap:geocode", _NS)
        ),
    )


def _text(element: Element, name: str) -> str:
    return text_of(element.find(f"cap:{name}", _NS))


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(text_of(each) for each in element.findall(f"cap:{name}", _NS))


def _moment(element: Element, name: str) -> datetime | None:
    written = _text(element, name)
    return moment(written, name) if written else None
