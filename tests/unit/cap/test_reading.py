"""Documents of strangers: what is read, and what is refused with its reason."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from broadcaster.cap import reading
from broadcaster.cap.values import Circle, Point, Reference
from broadcaster.errors import Invalid
from tests.rig.alerts.warnings import AREA, INFO, Signer, document

SIGNER, STRANGER = Signer(), Signer("Người lạ")
NOW = datetime(2026, 11, 30, 13, tzinfo=UTC)
HANOI = timezone(timedelta(hours=7))


def there(place: str) -> bytes:
    """A warning whose area is drawn so."""
    return document(area=f"<area><areaDesc>x</areaDesc>{place}</area>")


def refused(given: bytes, **more: object) -> str:
    with pytest.raises(Invalid) as caught:
        reading.read(given, **more)  # type: ignore[arg-type]
    return caught.value.code


def test_a_warning_is_read_with_its_words_place_and_times() -> None:
    alert = reading.read(document())
    assert (alert.identifier, alert.status, alert.message_type) == ("VN-2026-1130-01", "Actual", "Alert")
    assert alert.sent_at == datetime(2026, 11, 30, 20, tzinfo=HANOI)
    [info] = alert.infos
    assert (info.language, info.event, info.headline) == ("vi-VN", "Lũ quét", "CẢNH BÁO LŨ QUÉT")
    assert info.expires_at == datetime(2026, 12, 1, 5, tzinfo=HANOI)
    assert info.areas[0].polygons[0][0] == Point(22.0, 105.8)
    assert not alert.signed


def test_circles_codes_and_references_are_read() -> None:
    area = """<area><areaDesc>Côn Minh</areaDesc><circle>22.1,105.9 5.5</circle>
    <geocode><valueName>GSO</valueName><value>01900</value></geocode></area>"""
    given = document(
        message_type="Update",
        references="a@b,X-1,2026-11-30T19:00:00+07:00 a@b,X-2,2026-11-30T19:30:00+07:00",
        area=area,
    )
    alert = reading.read(given)
    assert alert.references[0] == Reference("a@b", "X-1", datetime(2026, 11, 30, 19, tzinfo=HANOI))
    assert alert.infos[0].areas[0].circles == (Circle(Point(22.1, 105.9), 5.5),)
    assert alert.infos[0].areas[0].geocodes == (("GSO", "01900"),)


ITSELF = "kttv@example.org,VN-2026-1130-01,2026-11-30T20:00:00+07:00"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&lol2;</identifier></alert>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&x;</identifier></alert>"""


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (b"", "cap.not_xml"),
        (b"\xff\xfe\x00", "cap.not_xml"),
        (b"<alert>", "cap.not_xml"),
        ("Mưa to".encode(), "cap.not_xml"),
        (b"<alert/>", "cap.not_an_alert"),
        (b"<html><body>404</body></html>", "cap.not_an_alert"),
        (document().replace(b"cap:1.2", b"cap:1.1"), "cap.not_an_alert"),
        (LAUGHS, "cap.dangerous"),
        (OUTSIDE, "cap.dangerous"),
        (b"<a>" * 40 + b"</a>" * 40, "cap.dangerous"),
        (b" " * 1_000_001, "cap.too_large"),
        (document(sent="2026-11-30T20:00:00Z"), "cap.time_malformed"),
        (document(sent="2026-11-31T20:00:00+07:00"), "cap.time_malformed"),
        (document(sent="30/11/2026"), "cap.time_malformed"),
        (document(identifier="có dấu cách"), "cap.name_malformed"),
        (document(identifier="a,b"), "cap.name_malformed"),
        (document(sender=""), "cap.name_malformed"),
        (document(status="Real"), "cap.word_unknown"),
        (document(status="actual"), "cap.word_unknown"),
        (document(message_type="Update"), "cap.references_missing"),
        (document(message_type="Cancel", infos=""), "cap.references_missing"),
        (document(message_type="Cancel", references="một,hai"), "cap.reference_malformed"),
        (document(message_type="Update", references=ITSELF), "cap.refers_to_itself"),
        (document(infos=""), "cap.element_missing"),
        (document(scope="Restricted"), "cap.element_missing"),
        (document(scope="Private"), "cap.element_missing"),
        (document(area="<area><polygon>1,1 2,2 3,3 1,1</polygon></area>"), "cap.element_missing"),
        (there("<polygon>1,1 2,2 3,3 1,2</polygon>"), "cap.polygon_open"),
        (there("<polygon>1,1 2,2 1,1</polygon>"), "cap.polygon_open"),
        (there("<polygon>91,1 2,2 3,3 91,1</polygon>"), "cap.place_malformed"),
        (there("<polygon>nan,1 2,2 3,3 nan,1</polygon>"), "cap.place_malformed"),
        (there("<circle>22,105</circle>"), "cap.place_malformed"),
        (there("<circle>22,105 -1</circle>"), "cap.place_malformed"),
        (document(infos=INFO.format(area=AREA).replace("<urgency>Immediate</urgency>", "")), "cap.element_missing"),
        (document(infos=INFO.format(area=AREA).replace("Immediate", "Now")), "cap.word_unknown"),
        (document(infos=INFO.format(area=AREA).replace("<event>", "<event>a</event><event>")), "cap.element_twice"),
        (document(infos=INFO.format(area=AREA).replace("<event>", "<evnt>x</evnt><event>")), "cap.element_unknown"),
        (document(infos=INFO.format(area=AREA).replace("<headline>", "<headline><b>x</b>")), "cap.element_not_plain"),
        (document(infos=INFO.format(area=AREA) + "<note>muộn</note>"), "cap.element_out_of_place"),
        (document(infos=INFO.format(area=AREA).replace("Lũ quét", "ũ" * 30_001)), "cap.element_too_long"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_named(given: bytes, code: str) -> None:
    assert refused(given) == code


def test_what_the_pinned_certificate_signed_is_believed_and_nothing_else() -> None:
    signed = SIGNER.sign(document())
    assert reading.read(signed, certificate=SIGNER.pem, now_at=NOW).signed
    assert refused(document(), certificate=SIGNER.pem) == "cap.unsigned"
    assert refused(STRANGER.sign(document()), certificate=SIGNER.pem) == "cap.signature_wrong"
    assert refused(signed.replace(b"20:00", b"21:00"), certificate=SIGNER.pem) == "cap.signature_wrong"
    assert (
        refused(signed.replace("ven suối".encode(), "đường cao".encode()), certificate=SIGNER.pem)
        == "cap.signature_wrong"
    )
    assert refused(signed, certificate=SIGNER.pem, now_at=NOW + timedelta(days=4000)) == "cap.certificate_expired"
    assert refused(signed, certificate="-----BEGIN CERTIFICATE-----\nx\n") == "cap.certificate_malformed"


def test_a_signed_message_inside_another_one_is_refused() -> None:
    """Signature wrapping: the signature is right, and is of something else than what is read."""
    inner = SIGNER.sign(document()).partition(b"?>")[2]
    around = document(identifier="LIE-1", infos=INFO.format(area=AREA)).replace(b"</alert>", inner + b"</alert>")
    assert refused(around, certificate=SIGNER.pem) == "cap.signature_wrong"
    begin, end = inner.index(b"<ds:Signature"), inner.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    moved = document(identifier="LIE-2").replace(b"</alert>", inner[begin:end] + b"</alert>")
    assert refused(moved, certificate=SIGNER.pem) == "cap.signature_wrong"
    twice = SIGNER.sign(document()).replace(b"</alert>", inner[begin:end] + b"</alert>")
    assert refused(twice, certificate=SIGNER.pem) == "cap.unsigned"
