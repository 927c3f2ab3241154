"""Lịch phát: the week, and one date of a slot moved, left out and put back."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from broadcaster.station.rows import settings
from scheduler import occurrences
from tests.unit.web.commune import Commune, send
from tests.unit.web.slots.test_pages import made

pytestmark = pytest.mark.integration
DATES = "/slots/{}/dates/{}"


def days(browser: FlaskClient, address: str = "/timetable") -> list[str]:
    """The text of each day of the week."""
    week = browser.get(address).text
    return re.findall(r'<section class="cal-day.*?</section>', week, re.S)


def boxes(day: str) -> list[str]:
    found = re.findall(r"<strong>(\d\d:\d\d)</strong>.*?small muted\">(.*?)</span>", day, re.S)
    return [f"{clock} {state.split(' · ')[0]}" for clock, state in found]


def test_the_week_shows_both_calendars_and_public_holidays(commune: Commune) -> None:
    monday = days(commune.browser())[0]
    assert "23/11 · âm 15/10" in monday
    new_year = days(commune.browser(), "/timetable?from=2027-01-01")[0]
    assert "Tết Dương lịch" in new_year


def test_one_date_is_moved_by_its_form_and_the_others_stay(commune: Commune) -> None:
    slot = made(commune, times="17:00")
    browser = commune.browser()
    page = browser.get(DATES.format(slot, "2026-11-24T17:00")).text
    assert 'value="2026-11-24"' in page
    moved = {"to_day": "2026-11-25", "to_time": "18:30", "scope": "once"}
    answer = send(browser, DATES.format(slot, "2026-11-24T17:00") + "/move", moved)
    assert answer.headers["Location"] == "/timetable"
    shown = [boxes(day) for day in days(browser)[:3]]
    assert shown == [["17:00 chưa có bản tin"], ["17:00 nghỉ"], ["17:00 chưa có bản tin", "18:30 chưa có bản tin"]]
    assert "18:30" in browser.get(f"/slots/{slot}").text


def test_a_move_into_another_slot_or_quiet_hours_is_told_where_the_remedies_are(commune: Commune) -> None:
    made(commune, name="Trưa", times="11:00")
    slot = made(commune, times="17:00")
    browser = commune.browser()
    with commune.database.session() as s:
        settings.write(s, "quiet_hours", [[690, 780]])
    moved = {"to_day": "2026-11-24", "to_time": "11:10", "scope": "once"}
    answer = send(browser, DATES.format(slot, "2026-11-24T17:00") + "/move", moved)
    assert answer.headers["Location"] == f"/slots/{slot}"
    page = browser.get(answer.headers["Location"]).text
    assert "Giờ mới trùng với “Trưa”. Chọn Ghi đè hoặc Xếp sau ở dưới." in page
    assert "Phiên 11:10 có thể kéo tới giờ yên lặng 11:30–13:00" in page
    assert 'name="resolve"' in page


def test_slots_in_each_others_way_are_marked_in_the_week(commune: Commune) -> None:
    made(commune, name="Chiều", times="6:50, 17:00", zones=["con-minh"])
    made(commune, name="Thôn", times="7:05", zones=["lung-pang"])
    made(commune, name="Tối", times="19:00", zones=["con-minh"])
    today = days(commune.browser())[1]
    assert today.count("trùng “Thôn”") == today.count("trùng “Chiều”") == 1
    assert "trùng “Tối”" not in today


def test_every_week_moves_together(commune: Commune) -> None:
    slot = made(commune, times="17:00", weekdays=["1"])
    browser = commune.browser()
    moved = {"to_day": "2026-11-26", "to_time": "06:00", "scope": "every"}
    send(browser, DATES.format(slot, "2026-11-24T17:00") + "/move", moved)
    assert [boxes(day) for day in days(browser)] == [[], [], [], ["06:00 chưa có bản tin"], [], [], []]


def test_what_was_dropped_on_an_hour_keeps_its_minutes(commune: Commune) -> None:
    slot = made(commune, times="17:20")
    browser = commune.browser()
    address = DATES.format(slot, "2026-11-24T17:20")
    dialog = browser.get(address + "?to=2026-11-25T6", headers={"X-Fragment": "1"}).text
    assert "<html" not in dialog
    assert 'value="2026-11-25"' in dialog
    assert 'value="06:20"' in dialog
    assert 'value="17:20"' in browser.get(address + "?to=mai").text


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"to_day": "2026-11-24", "to_time": "17:00"}, 422, "Giờ mới trùng giờ cũ"),
        ({"to_day": "2026-11-23", "to_time": "07:00"}, 422, "Giờ mới đã qua"),
        ({"to_day": "", "to_time": ""}, 422, "Chưa chọn ngày giờ mới"),
        ({"to_day": "2026-11-24", "to_time": ""}, 422, "Chưa chọn ngày giờ mới"),
        ({"to_day": "2026-11-25", "to_time": "17:00"}, 409, "đã phát lúc 17:00 ngày 25/11/2026"),
        ({"to_day": "2026-11-25", "to_time": "18:00", "scope": "every"}, 409, "Thứ đó khung giờ này đã phát rồi"),
    ],
)
def test_a_move_that_cannot_be_is_explained_with_what_was_typed(
    commune: Commune, sent: dict[str, str], status: int, sentence: str
) -> None:
    slot = made(commune, times="17:00")
    answer = send(commune.browser(), DATES.format(slot, "2026-11-24T17:00") + "/move", sent)
    assert answer.status_code == status
    assert sentence in answer.text
    assert f'name="to_time" value="{sent["to_time"]}"' in answer.text


def test_one_date_is_left_out_and_plays_again(commune: Commune) -> None:
    slot = made(commune, times="17:00")
    browser = commune.browser()
    address = DATES.format(slot, "2026-11-24T17:00")
    with commune.database.session() as s:
        occurrences.expand(s, now_at=commune.clock(), horizon=timedelta(hours=48))
    send(browser, address + "/leave-out")
    with commune.database.session() as s:
        occurrences.expand(s, now_at=commune.clock(), horizon=timedelta(hours=48))
    assert boxes(days(browser)[1]) == ["17:00 nghỉ"]
    page = browser.get(address).text
    assert "Khung giờ không phát vào lúc này" in page
    assert "Nghỉ phiên này" not in page
    assert "Thứ Ba, 24/11/2026" in browser.get(f"/slots/{slot}").text
    send(browser, address + "/restore")
    assert boxes(days(browser)[1]) == ["17:00 chưa có bản tin"]


def test_a_week_shows_only_what_reaches_the_chosen_zone(commune: Commune) -> None:
    made(commune, name="Riêng Lủng Pảng", times="17:00", zones=["lung-pang"])
    made(commune, name="Toàn xã", times="18:00", zones=["con-minh"])
    browser = commune.browser()
    assert "Riêng Lủng Pảng" not in "".join(days(browser, "/timetable?zone=lung-vai"))
    assert "Toàn xã" in "".join(days(browser, "/timetable?zone=lung-vai"))
    assert "Riêng Lủng Pảng" in "".join(days(browser, "/timetable/days?zone=lung-pang"))


def test_the_same_slot_shows_each_hamlet_what_it_will_hear(commune: Commune) -> None:
    slot = made(commune, times="17:00", zones=["con-minh"])
    browser = commune.browser()
    send(browser, f"/slots/{slot}/items", {"announcement": commune.approved("Chỉ hai thôn")})
    assert "Chỉ hai thôn" in days(browser, "/timetable?zone=lung-vai")[0]
    assert "Chỉ hai thôn" not in days(browser, "/timetable?zone=ban-cuon")[0]


def test_a_frozen_programme_is_one_box_with_its_announcements_and_leads_to_its_date(commune: Commune) -> None:
    slot = made(commune, times="17:00")
    browser = commune.browser()
    for title in ("Một", "Hai"):
        send(browser, f"/slots/{slot}/items", {"announcement": commune.approved(title)})
    freeze(commune)
    today = days(browser)[0]
    assert boxes(today) == ["17:00 Đã lên lịch"]
    assert "Một; Hai" in today
    address = re.search(r'moves" draggable="true" href="([^"]+)"', today)
    assert address
    page = browser.get(address.group(1)).text
    assert re.findall(r"number\">(17:00:\d\d)</strong>", page) == ["17:00:00", "17:00:23"]


def test_a_test_chirp_is_no_part_of_the_week(commune: Commune) -> None:
    made_id = commune.approved("Họp thôn")
    with commune.database.session() as s:
        by = people.find(s, "canbo")
        assert by
        announcement = announcements.get(s, made_id)
        for title in ("Họp thôn", "Kêu thử"):
            ordered = broadcasts.broadcast_now(s, announcement=announcement, by=by, now_at=commune.clock())
            ordered.title = title
        ordered.announcement_id = None
    today = days(commune.browser())[0]
    assert today.count("Họp thôn") == 1
    assert "Kêu thử" not in today


def test_what_is_in_the_slot_but_cannot_play_is_not_called_empty(commune: Commune) -> None:
    slot = made(commune, times="17:00")
    browser = commune.browser()
    send(browser, f"/slots/{slot}/items", {"announcement": commune.write("Chưa duyệt")})
    freeze(commune)
    assert boxes(days(browser)[0]) == ["17:00 chưa có bản tin phát được"]
    assert "“Chưa duyệt” chưa được duyệt." in browser.get(DATES.format(slot, "2026-11-23T17:00")).text


def test_somebody_who_may_only_look_has_nothing_to_drag_and_moves_nothing(commune: Commune) -> None:
    slot = made(commune, times="17:00")
    viewer = commune.browser("khach")
    assert "draggable" not in viewer.get("/timetable").text
    assert send(viewer, DATES.format(slot, "2026-11-24T17:00") + "/leave-out").status_code == 403


@pytest.mark.parametrize("at", ["hom-nao", "2026-13-01T17:00"])
def test_nonsense_in_the_address_of_a_date_is_not_found(commune: Commune, at: str) -> None:
    slot = made(commune, times="17:00")
    assert commune.browser().get(DATES.format(slot, at)).status_code == 404


def test_a_lunar_slot_is_shown_to_the_last_day_anybody_knows(commune: Commune) -> None:
    with commune.database.session() as s:
        rule = {"kind": "lunar_monthly", "days": [1], "times": ["17:00"]}
        slots.add_slot(s, name="Mùng một", rule=rule, zones=["con-minh"], by=None, now_at=commune.clock())
    assert commune.browser().get("/timetable?from=2999-01-01").status_code == 200


def test_dates_are_moved_left_out_and_restored_through_the_api(commune: Commune) -> None:
    slot, headers, api = made(commune, times="17:00"), commune.token(), commune.app.test_client()
    dates = f"/api/v1/slots/{slot}/dates"
    first, second = (each["start_at"] for each in api.get(dates + "?days=2", headers=headers).json)
    body = {"start_at": second, "to_at": "2026-11-24T18:00:00+07:00"}
    moved = api.post(dates + "/move", json=body, headers=headers).json
    assert moved[:2] == [{"start_at": first}, {"start_at": "2026-11-24T11:00:00Z"}]
    assert api.post(dates + "/leave-out", json={"start_at": first}, headers=headers).json == moved[1:]
    back = api.post(dates + "/restore", json={"day": "2026-11-23"}, headers=headers).json
    assert back[0] == {"start_at": first}
    assert api.get(dates + "?days=lâu", headers=headers).status_code == 422


def freeze(commune: Commune) -> None:
    with commune.database.session() as s:
        occurrences.expand(s, now_at=commune.clock(), horizon=timedelta(hours=48))
    occurrences.freeze_due(commune.database, now_at=commune.clock(), ahead=timedelta(hours=24))
