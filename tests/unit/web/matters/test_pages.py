"""What needs somebody stays at home until it is dealt with; nodes that are not ready have their remedies."""

import re
from datetime import datetime, timedelta

import pytest

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.matters import matters
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.nodes.settings import NodeSettings
from broadcaster.station.people import people
from broadcaster.station.schema import AgendaIssue, AuditEntry
from tests.unit.web.commune import MORNING, Commune, send
from tests.unit.web.slots.test_pages import made

pytestmark = pytest.mark.integration


def speak(commune: Commune, node: str, **stated: object) -> None:
    """A node says how it is."""
    usual: dict[str, object] = {"online": True, "clock": ClockState.SYNCED, "sound": "alsa", "volume_percent": 90}
    at = commune.clock()
    status = NodeStatus(node=node, connection=1, at=at, **(usual | stated))  # type: ignore[arg-type]
    with commune.database.session() as s:
        nodes.record_status(s, status=status, now_at=at)


def observe(commune: Commune) -> None:
    with commune.database.session() as s:
        matters.observe(s, now_at=commune.clock())


def lost(commune: Commune) -> None:
    """A node spoke, and was silent for a while."""
    speak(commune, "loa-lung-pang")
    commune.clock.move(minutes=11)
    commune.beat()
    observe(commune)


def keeper(commune: Commune) -> None:
    with commune.database.session() as s:
        node = nodes.get(s, "loa-lung-pang")
        stated = NodeSettings(name=node.name, keeper_name="Bác Páo", keeper_phone="0912 345 678")
        by = people.find(s, "quantri")
        assert by
        node_settings.change(s, node=node, wanted=stated, by=by, now_at=commune.clock())


def order(commune: Commune, minutes: int = 8) -> str:
    """An approved announcement that begins so soon."""
    made_id = commune.approved("Họp thôn")
    with commune.database.session() as s:
        by = people.find(s, "canbo")
        assert by
        start_at = commune.clock() + timedelta(minutes=minutes)
        announcement = announcements.get(s, made_id)
        return broadcasts.broadcast_now(
            s, announcement=announcement, by=by, now_at=commune.clock(), start_at=start_at
        ).id


def store(commune: Commune, broadcast: str, node: str, state: DeliveryState = DeliveryState.STORED) -> None:
    fact = Receipt(receipt=f"{node}-{state}", broadcast=broadcast, state=state, at=commune.clock(), sequence=1)
    with commune.database.session() as s:
        receipts.store(s, node_id=node, receipts=[fact], now_at=commune.clock())


def test_a_node_that_was_away_is_told_until_somebody_dealt_with_it(commune: Commune) -> None:
    lost(commune)
    browser = commune.browser()
    assert "Loa Lủng Pảng mất liên lạc từ 08:00 hôm nay." in browser.get("/").text
    speak(commune, "loa-lung-pang")
    observe(commune)
    page = browser.get("/now").text
    assert "Nay đã hết, từ 08:11 hôm nay." in page
    deal = re.search(r'action="(/matters/\w+/deal)"', page)
    assert deal
    assert send(browser, deal.group(1), {"note": "Đã gọi bác Páo."}).headers["Location"] == "/"
    assert "mất liên lạc" not in browser.get("/").text
    done = browser.get("/matters?state=dealt").text
    assert "Nguyễn Thị Lan xử lý lúc 08:11 hôm nay. Đã gọi bác Páo." in done
    assert send(browser, deal.group(1)).status_code == 409
    with commune.database.reading() as s:
        assert s.query(AuditEntry).filter(AuditEntry.action == "matter.dealt").count() == 1


def test_the_keeper_of_a_lost_node_is_one_tap_away(commune: Commune) -> None:
    keeper(commune)
    lost(commune)
    page = commune.browser().get("/").text
    assert 'href="tel:0912345678"' in page
    assert "Gọi Bác Páo 0912 345 678" in page


def test_what_waits_is_listed_with_room_for_a_word_and_the_viewer_only_looks(commune: Commune) -> None:
    lost(commune)
    assert 'name="note"' in commune.browser().get("/matters").text
    viewer = commune.browser("khach")
    page = viewer.get("/matters").text
    assert "mất liên lạc" in page
    assert "Đã xử lý</button>" not in page
    with commune.database.reading() as s:
        [matter] = matters.waiting(s)
    assert send(viewer, f"/matters/{matter.id}/deal").status_code == 403


def test_an_empty_list_says_so(commune: Commune) -> None:
    assert "Không có việc gì cần chú ý." in commune.browser().get("/matters").text
    assert "Chưa có việc nào đã xử lý." in commune.browser().get("/matters?state=dealt").text


def test_a_voice_that_failed_and_a_announcement_few_heard_are_told_in_words(commune: Commune) -> None:
    broadcast = order(commune)
    store(commune, broadcast, "loa-lung-pang", DeliveryState.PLAYED)
    commune.clock.move(hours=2)
    with commune.database.session() as s:
        broadcasts.settle(s, now_at=commune.clock())
    observe(commune)
    assert "“Họp thôn” lúc 08:08 hôm nay: 1/2 cụm loa phát đủ." in commune.browser().get("/").text


def test_ten_minutes_before_the_nodes_that_are_ready_are_counted_and_the_others_have_their_reason(
    commune: Commune,
) -> None:
    broadcast = order(commune)
    for node in ("loa-lung-pang", "loa-lung-vai"):
        speak(commune, node)
    store(commune, broadcast, "loa-lung-pang")
    page = commune.browser().get("/now").text
    ready = page[page.index("readiness") :]
    assert "<strong>1/2</strong>" in ready
    assert "Còn thiếu tệp của 1 bản tin." in ready
    assert 'data-until="2026-11-23T01:08:00+00:00"' in ready


def test_sending_again_is_one_tap_and_makes_the_agenda_new(commune: Commune) -> None:
    order(commune)
    speak(commune, "loa-lung-vai")
    with commune.database.session() as s:
        issue = {"number": 1, "digest": "d", "token": b"t", "issued_at": MORNING, "expires_at": MORNING}
        s.add(AgendaIssue(node_id="loa-lung-vai", **issue))
    browser = commune.browser()
    assert 'action="/nodes/loa-lung-vai/resend"' in browser.get("/now").text
    page = send(browser, "/nodes/loa-lung-vai/resend")
    assert page.headers["Location"] == "/"
    assert "Đang gửi lại lịch và tệp cho Loa Lủng Vai" in browser.get("/").text
    with commune.database.reading() as s:
        assert s.get_one(AgendaIssue, "loa-lung-vai").digest == ""


def test_a_faint_node_is_made_louder_by_who_looks_after_nodes(commune: Commune) -> None:
    order(commune)
    with commune.database.session() as s:
        nodes.get(s, "loa-lung-pang").volume_percent = 10
    assert "louder" not in commune.browser().get("/now").text
    administrator = commune.browser("quantri")
    assert 'action="/nodes/loa-lung-pang/louder"' in administrator.get("/now").text
    send(administrator, "/nodes/loa-lung-pang/louder", {"at": "2026-11-23T01:08:00+00:00"})
    assert "được phát to đến 80%." in administrator.get("/").text
    assert send(administrator, "/nodes/loa-lung-pang/louder", {"at": "sáng mai"}).status_code == 422


def test_hamlets_that_hear_the_same_are_one_row_and_those_that_differ_their_own(commune: Commune) -> None:
    made(commune, name="Chung", times="17:00", zones=["con-minh"])
    page = commune.browser().get("/now").text
    assert "Mọi thôn" in page
    made(commune, name="Riêng", times="09:00", zones=["lung-vai"])
    page = commune.browser().get("/now").text
    rows = re.findall(r'<td class="main-cell">(.*?)</td>.*?<strong class="number">(\S+) ', page, re.S)
    assert rows == [("Lủng Vai", "09:00"), ("Bản Cuôn, Lủng Pảng", "17:00")]


def test_matters_and_readiness_are_told_and_dealt_with_through_the_api(commune: Commune) -> None:
    lost(commune)
    order(commune)
    headers, api = commune.token(), commune.app.test_client()
    [matter] = api.get("/api/v1/matters", headers=headers).json
    assert (matter["kind"], matter["subject"]) == ("pole_silent", "node:loa-lung-pang")
    done = api.post(f"/api/v1/matters/{matter['id']}/deal", json={"note": "Xong"}, headers=headers).json
    assert (done["dealt_by"], done["note"]) == ("Nguyễn Thị Lan", "Xong")
    assert api.get("/api/v1/matters?state=gì", headers=headers).status_code == 422
    [soon] = api.get("/api/v1/readiness", headers=headers).json
    assert (soon["ready"], [each["obstacles"][0]["kind"] for each in soon["poles"]]) == (0, ["link", "link"])
    assert datetime.fromisoformat(soon["start_at"]) == commune.clock() + timedelta(minutes=8)
    assert api.post("/api/v1/nodes/loa-lung-pang/resend", headers=headers).status_code == 204
    assert api.post("/api/v1/nodes/loa-lung-pang/louder", json={}, headers=headers).status_code == 403
