"""Khung giờ: made, filled, changed and removed; and the days ahead in the timetable."""

import re

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
SLOT = {
    "name": "Bản tin chiều",
    "times": "5h, 17:00",
    "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    "zones": ["lung-pang"],
    "cap_minutes": "45",
}


def made(commune: Commune, **changes: object) -> str:
    answer = send(commune.browser(), "/slots", {**SLOT, **changes})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_a_slot_is_made_with_times_as_people_write_them(commune: Commune) -> None:
    page = commune.browser().get(f"/slots/{made(commune)}").text
    assert "05:00, 17:00" in page
    assert "hằng ngày" in page
    assert "Chưa có bản tin nào" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Hãy"),
        ({"times": ""}, "ít nhất một giờ"),
        ({"times": "25:00"}, "Giờ phát phải có dạng"),
        ({"times": "chiều"}, "Giờ phát phải có dạng"),
        ({"weekdays": []}, "Chưa chọn ngày trong tuần"),
        ({"zones": []}, "Chưa chọn nơi phát"),
        ({"cap_minutes": "lâu"}, "Số phút phải là một số"),
        ({"except_on": "2026-02-30"}, "không đúng"),
    ],
)
def test_a_slot_that_cannot_be_is_explained_and_the_form_kept(
    commune: Commune, changes: dict[str, object], sentence: str
) -> None:
    answer = send(commune.browser(), "/slots", {**SLOT, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{({**SLOT, **changes})["name"]}"' in answer.text


def test_an_announcement_put_into_a_slot_is_seen_tomorrow_in_the_timetable(commune: Commune) -> None:
    slot, announcement = made(commune), commune.approved("Họp thôn thứ ba")
    browser = commune.browser()
    answer = send(browser, f"/announcements/{announcement}/slot", {"slot": slot, "first_on": "2026-11-24"})
    assert answer.headers["Location"] == f"/slots/{slot}"
    week = browser.get("/timetable").text
    today, tomorrow = re.findall(r'<section class="cal-day.*?</section>', week, re.S)[:2]
    assert "Họp thôn thứ ba" not in today
    assert "17:00" in tomorrow
    assert tomorrow.count("Họp thôn thứ ba") == 2


def test_an_announcement_is_put_in_from_the_slots_own_page_and_taken_out_again(commune: Commune) -> None:
    slot, announcement = made(commune), commune.approved()
    browser = commune.browser()
    assert send(browser, f"/slots/{slot}/items", {"announcement": announcement}).status_code == 302
    page = browser.get(f"/slots/{slot}").text
    assert "1. Họp thôn" in page
    take_out = re.search(r'action="(/slots/items/[^"]+)"', page)
    assert take_out
    assert send(browser, take_out.group(1)).status_code == 302
    assert "1. Họp thôn" not in browser.get(f"/slots/{slot}").text


def test_days_in_the_wrong_order_are_explained_where_they_were_typed(commune: Commune) -> None:
    slot, announcement = made(commune), commune.approved()
    dates = {"first_on": "2026-12-24", "last_on": "2026-12-01"}
    answer = send(commune.browser(), f"/announcements/{announcement}/slot", {"slot": slot, **dates})
    assert answer.status_code == 422
    assert "Ngày cuối phải" in answer.text
    assert 'value="2026-12-24"' in answer.text


def test_a_slot_is_edited_paused_and_removed(commune: Commune) -> None:
    slot = made(commune)
    browser = commune.browser()
    assert 'value="05:00, 17:00"' in browser.get(f"/slots/{slot}/edit").text
    changes = {**SLOT, "name": "Bản tin tối", "times": "19:30", "paused_until_on": "2026-11-30"}
    assert send(browser, f"/slots/{slot}/edit", changes).status_code == 302
    page = browser.get(f"/slots/{slot}").text
    assert "Bản tin tối" in page
    assert "tạm nghỉ đến hết 30/11/2026" in page
    assert send(browser, f"/slots/{slot}/remove").status_code == 302
    assert "Bản tin tối" not in browser.get("/timetable").text


def test_nonsense_in_the_address_of_the_timetable_shows_the_days_from_today(commune: Commune) -> None:
    page = commune.browser().get("/timetable?from=khi-nao").text
    assert "Từ 23/11/2026 đến 29/11/2026" in page


def test_somebody_who_may_only_look_cannot_change_slots(commune: Commune) -> None:
    viewer = commune.browser("khach")
    assert viewer.get("/slots/new").status_code == 403
    assert send(viewer, "/slots", SLOT).status_code == 403
    assert "Thêm khung giờ" not in viewer.get("/timetable").text
