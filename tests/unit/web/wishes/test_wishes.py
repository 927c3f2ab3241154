"""The officer says when with the button that sends; the approver's one button says what it will do, and does it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement, Broadcast, Person, SlotItem
from tests.unit.web.commune import MORNING, Commune, heard, send

pytestmark = pytest.mark.integration


def drafted(commune: Commune, text: str = "Mời bà con đi họp.") -> str:
    made = commune.write(text=text)
    commune.make_clips()
    return made


def slot(commune: Commune) -> str:
    with commune.database.session() as s:
        by = s.scalars(select(Person).where(Person.username == "canbo")).unique().one()
        rule = {"weekdays": list(range(7)), "times": ["17:00"]}
        made = slots.add_slot(s, name="Tin chiều", rule=rule, zones=["lung-pang"], by=by, now_at=MORNING)
        return made.id


def broadcasts_of(commune: Commune, made: str) -> list[Broadcast]:
    with commune.database.reading() as s:
        return list(s.scalars(select(Broadcast).where(Broadcast.announcement_id == made)).unique())


def release(commune: Commune, made: str, *, says: str) -> str:
    """The approver presses the button of the queue; the page after it."""
    chair = commune.browser("chutich")
    page = chair.get("/approvals").text
    assert says in page
    action = f"/announcements/{made}/approve"
    assert send(chair, action, {"content_hash": heard(page, action), "next": "/approvals"}).status_code == 302
    return str(chair.get("/approvals").text)


def test_now_is_one_button_for_each_of_the_two(commune: Commune) -> None:
    made, officer = drafted(commune), commune.browser()
    assert "Gửi duyệt, phát ngay khi duyệt" in officer.get(f"/announcements/{made}").text
    send(officer, f"/announcements/{made}/submit", {"when": "now"})
    assert broadcasts_of(commune, made) == []
    assert "Đã duyệt và ra lệnh phát ngay." in release(commune, made, says="Duyệt và phát ngay")
    assert [each.live for each in broadcasts_of(commune, made)] == [True]


def test_a_dated_text_is_offered_the_slot_until_its_last_day(commune: Commune) -> None:
    place, made = slot(commune), drafted(commune, "Tiêm chủng ngày 26/11/2026 tại trạm y tế.")
    page = commune.browser().get(f"/announcements/{made}").text
    assert f'name="suggested_slot" value="{place}"' in page
    assert "từ Thứ Hai, 23/11/2026 đến hết Thứ Năm, 26/11/2026" in page
    fields = {
        "when": "suggested",
        "suggested_slot": place,
        "suggested_first_on": "2026-11-23",
        "suggested_last_on": "2026-11-26",
    }
    send(commune.browser(), f"/announcements/{made}/submit", fields)
    after = release(commune, made, says="Duyệt và đưa vào khung giờ 17:00")
    assert "Đã duyệt và đưa vào khung giờ." in after
    with commune.database.reading() as s:
        item = s.scalars(select(SlotItem)).unique().one()
    assert (item.slot_id, str(item.last_on)) == (place, "2026-11-26")


def test_a_time_today_is_read_as_people_write_it(commune: Commune) -> None:
    for written in ("17:00", "17h", "17h00"):
        made = drafted(commune)
        send(commune.browser(), f"/announcements/{made}/submit", {"when": "at", "at_time": written})
        release(commune, made, says="Duyệt và hẹn 17:00 hôm nay")
        assert [each.start_at for each in broadcasts_of(commune, made)] == [MORNING + timedelta(hours=9)]


def test_a_time_that_has_passed_is_refused_on_the_page_itself(commune: Commune) -> None:
    made = drafted(commune)
    answer = send(commune.browser(), f"/announcements/{made}/submit", {"when": "at", "at_time": "06:30"})
    assert answer.status_code == 422
    assert "đã qua" in answer.text
    assert 'value="06:30"' in answer.text
    with commune.database.reading() as s:
        assert s.get_one(Announcement, made).state == "draft"


def test_without_a_time_it_is_only_sent(commune: Commune) -> None:
    made = drafted(commune)
    send(commune.browser(), f"/announcements/{made}/submit")
    release(commune, made, says="Duyệt</button>")
    assert broadcasts_of(commune, made) == []


def test_the_approver_is_told_beforehand_that_it_would_not_sound(commune: Commune) -> None:
    made = drafted(commune)
    send(commune.browser(), f"/announcements/{made}/submit", {"when": "at", "at_time": "09:00"})
    commune.clock.move(hours=2)
    page = commune.browser("chutich").get("/approvals").text
    assert "Duyệt bây giờ thì chưa phát được." in page
    assert "Duyệt, chưa phát" in page


def test_a_dated_text_never_repeats_for_ever_by_default(commune: Commune) -> None:
    place, officer, api = slot(commune), commune.browser(), commune.app.test_client()
    dated, open_ended = drafted(commune, "Họp ngày 25/11/2026."), drafted(commune, "Bà con nhớ đội mũ bảo hiểm.")
    for made in (dated, open_ended):
        send(officer, f"/slots/{place}/items", {"announcement": made, "first_on": "2026-11-23"})
        send(officer, f"/announcements/{made}/slot", {"slot": place, "first_on": "2026-11-23"})
        body = {"announcement": made}
        assert api.post(f"/api/v1/slots/{place}/items", json=body, headers=commune.token()).status_code == 201
    with commune.database.reading() as s:
        lasts = {(item.announcement_id, str(item.last_on)) for item in s.scalars(select(SlotItem)).unique()}
    assert lasts == {(dated, "2026-11-25"), (open_ended, "None")}


def test_a_program_says_when_and_reads_what_became_of_it(commune: Commune) -> None:
    api, made = commune.app.test_client(), drafted(commune)
    address = f"/api/v1/announcements/{made}"
    sent = api.post(f"{address}/submit", json={"wish": {"kind": "now"}}, headers=commune.token()).json
    assert sent["wish"]["kind"] == "now"
    body = {"content_hash": sent["content_hash"]}
    done = api.post(f"{address}/approve", json=body, headers=commune.token("chutich")).json
    assert done["status"] == "approved"
    assert done["outcome"]["broadcast"] == broadcasts_of(commune, made)[0].id


def test_a_program_names_a_slot_its_days_and_its_weekdays(commune: Commune) -> None:
    api, made, place = commune.app.test_client(), drafted(commune), slot(commune)
    address = f"/api/v1/announcements/{made}"
    wish = {"kind": "slot", "slot": place, "first_on": "2026-11-24", "last_on": "2026-12-04", "weekdays": [1, 3]}
    sent = api.post(f"{address}/submit", json={"wish": wish}, headers=commune.token()).json
    assert sent["wish"] == wish | {"at": None, "times": ["17:00"]}
    body = {"content_hash": sent["content_hash"]}
    done = api.post(f"{address}/approve", json=body, headers=commune.token("chutich")).json
    assert done["outcome"]["obstacle"] is None
    items = api.get(f"/api/v1/slots/{place}", headers=commune.token()).json["items"]
    assert [(each["first_on"], each["last_on"], each["weekdays"]) for each in items] == [
        ("2026-11-24", "2026-12-04", [1, 3])
    ]
    bad = api.post(f"{address}/submit", json={"wish": {"kind": "slot"}}, headers=commune.token())
    assert bad.status_code in (409, 422)


def test_editing_says_which_session_falls_silent(commune: Commune) -> None:
    made = drafted(commune)
    send(commune.browser(), f"/announcements/{made}/submit", {"when": "at", "at_time": "17:00"})
    release(commune, made, says="Duyệt và hẹn")
    page = commune.browser().get(f"/announcements/{made}/edit").text
    assert "17:00 hôm nay: sẽ im lặng cho đến khi bản sửa được duyệt lại." in page
