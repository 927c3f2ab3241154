"""The commune's own alarms for programs: a feed and signed documents, as another station would take them in."""

import xml.etree.ElementTree as ET

import pytest

from broadcaster.cap import reading
from broadcaster.cap.values import Reference
from broadcaster.station.announcements import announcements
from broadcaster.station.emergencies import orders
from broadcaster.station.emergencies.orders import EmergencyRequest
from broadcaster.station.schema import Broadcast, EmergencyOrder
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from tests.unit.web.commune import MORNING, Commune
from tests.unit.web.residents.test_pages import anybody

pytestmark = pytest.mark.integration
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def ordered(commune: Commune, title: str, phrase: str, *, drill: bool = False, follows: str = "") -> EmergencyOrder:
    """An alarm by two people."""
    with commune.database.session() as s:
        officer, chair = commune._person(s, "canbo"), commune._person(s, "chutich")
        fields = AnnouncementFields(
            title=title, text=f"{title}. Bà con chú ý!", zones=("lung-pang",), broadcast_class="emergency",
            phrase=phrase, drill=drill,
        )  # fmt: skip
        made = announcements.create(s, fields, by=officer, now_at=MORNING).id
    commune.make_clips()
    with commune.database.session() as s:
        current = announcements.get(s, made)
        heard = current.content_hash or ""
        followed = s.get_one(Broadcast, follows) if follows else None
        wanted = EmergencyRequest(announcement=current, drill=drill, heard=heard, follows=followed)
        officer, chair = commune._person(s, "canbo"), commune._person(s, "chutich")
        order = orders.ask(s, wanted, by=officer, now_at=MORNING)
        return orders.confirm(s, order=order, drill=drill, heard=heard, by=chair, now_at=MORNING)


def test_an_alarm_is_a_signed_document_that_others_can_check(commune: Commune) -> None:
    order = ordered(commune, "Báo lũ", "flood")
    browser = anybody(commune)
    feed = ET.fromstring(browser.get("/canh-bao.atom").data)
    [entry] = feed.findall("a:entry", ATOM)
    link = entry.find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == f"http://localhost/canh-bao/{order.id}.xml"
    pem = browser.get("/canh-bao.pem").text
    alert = reading.read(browser.get(f"/canh-bao/{order.id}.xml").data, certificate=pem, now_at=MORNING)
    assert (alert.status, alert.message_type, alert.signed) == ("Actual", "Alert", True)
    [info] = alert.infos
    assert (info.language, info.categories, info.headline) == ("vi-VN", ("Met",), "Báo lũ")
    assert info.areas[0].description == "Lủng Pảng"


def test_the_all_clear_cancels_its_alarm_and_a_drill_is_an_exercise(commune: Commune) -> None:
    alarm = ordered(commune, "Báo lũ", "flood")
    clear = ordered(commune, "Báo an toàn", "all_clear", follows=alarm.broadcast_id or "")
    drill = ordered(commune, "Diễn tập báo cháy", "fire", drill=True)
    browser = anybody(commune)
    first = reading.read(browser.get(f"/canh-bao/{alarm.id}.xml").data)
    ended = reading.read(browser.get(f"/canh-bao/{clear.id}.xml").data)
    assert ended.message_type == "Cancel"
    assert ended.references == (Reference(first.sender, first.identifier, first.sent_at),)
    assert ended.infos[0].response_types == ("AllClear",)
    assert reading.read(browser.get(f"/canh-bao/{drill.id}.xml").data).status == "Exercise"


def test_what_nobody_ordered_is_not_there(commune: Commune) -> None:
    assert anybody(commune).get("/canh-bao/khong-co.xml").status_code == 404
