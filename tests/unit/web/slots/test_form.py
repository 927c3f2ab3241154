"""The form of a slot: every kind of recurrence, what would come of it, and the ways out of a conflict."""

import re

import pytest

from broadcaster.station.programmes import slots
from broadcaster.station.rows import settings
from scheduler import conflicts
from tests.unit.web.commune import Commune, send
from tests.unit.web.page_forms import fields

pytestmark = pytest.mark.integration
SLOT = {"name": "Bản tin", "times": "17:00", "zones": ["con-minh"], "cap_minutes": "45", "holidays": "play"}
KINDS = [
    ({"kind": "weekly", "weekdays": ["0", "5"]}, {"weekdays": [0, 5]}),
    ({"kind": "monthly", "month_days": ["-1", "15", "1"]}, {"days": [1, 15, -1]}),
    ({"kind": "monthly_weekday", "nth": "-1", "nth_weekday": "4"}, {"nth": -1, "weekday": 4}),
    ({"kind": "yearly", "year_day": "29", "year_month": "2"}, {"day": 29, "month": 2}),
    ({"kind": "lunar_monthly", "lunar_days": ["1", "15"]}, {"days": [1, 15]}),
    ({"kind": "lunar_yearly", "lunar_day": "10", "lunar_month": "3"}, {"day": 10, "month": 3}),
]


def made(commune: Commune, **changes: object) -> str:
    answer = send(commune.browser(), "/slots", {**SLOT, "kind": "weekly", "weekdays": ["0"], **changes})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rsplit("/", 1)[1]


def stored(commune: Commune, slot: str) -> dict[str, object]:
    with commune.database.reading() as s:
        return dict(slots.get(s, slot).rule)


def look(commune: Commune, **changes: object) -> str:
    """What the form says while it is filled in."""
    browser = commune.browser()
    token = fields(browser.get("/slots/new").text, form="slot-form")["csrf_token"]
    sent = {"csrf_token": token, **SLOT, "kind": "weekly", "weekdays": ["0"], **changes}
    return browser.post("/slots/preview", data=sent, headers={"X-Fragment": "1"}).text


@pytest.mark.parametrize(("chosen", "rule"), KINDS)
def test_every_kind_of_recurrence_is_chosen_and_shown_again_as_it_was(
    commune: Commune, chosen: dict[str, object], rule: dict[str, object]
) -> None:
    slot = made(commune, **chosen)
    before = stored(commune, slot)
    assert rule.items() <= before.items()
    browser = commune.browser()
    shown = fields(browser.get(f"/slots/{slot}/edit").text, form="slot-form")
    assert browser.post(f"/slots/{slot}/edit", data=shown).status_code == 302
    assert stored(commune, slot) == before


def test_dates_flags_and_times_of_their_own_come_back_as_they_were(commune: Commune) -> None:
    slot = made(
        commune,
        first_on="2026-11-23",
        last_on="2027-06-30",
        except_on="25/12/2026, 2027-01-01",
        times_on="24/12/2026 7h, 09:30\n",
        holidays="skip",
        greeting="1",
        greet_when_empty="1",
        assemble_minutes="60",
    )
    before = stored(commune, slot)
    assert before["except_on"] == ["2026-12-25", "2027-01-01"]
    assert before["times_on"] == {"2026-12-24": ["07:00", "09:30"]}
    assert before["holidays"] == "skip"
    browser = commune.browser()
    shown = fields(browser.get(f"/slots/{slot}/edit").text, form="slot-form")
    assert (shown["greeting"], shown["assemble_minutes"]) == (["1"], ["60"])
    assert "Tự ghép và gửi tới cụm loa lúc" in browser.get(f"/slots/{slot}").text
    assert "closing" not in shown
    browser.post(f"/slots/{slot}/edit", data=shown)
    assert stored(commune, slot) == before


def test_a_slot_that_turns_from_weekly_to_lunar_keeps_nothing_of_the_week(commune: Commune) -> None:
    slot = made(commune)
    send(commune.browser(), f"/slots/{slot}/edit", {**SLOT, "kind": "lunar_monthly", "lunar_days": ["15"]})
    assert stored(commune, slot)["days"] == [15]
    assert "weekdays" not in stored(commune, slot)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "weekly", "weekdays": []}, "Chưa chọn ngày trong tuần"),
        ({"kind": "monthly", "month_days": []}, "Chưa chọn ngày trong tháng"),
        ({"kind": "yearly", "year_day": "30", "year_month": "2"}, "Không có ngày 30 tháng 2"),
        ({"kind": "lunar_monthly", "lunar_days": []}, "Chưa chọn ngày âm lịch"),
        ({"kind": "khi nào rảnh"}, "Chưa chọn kiểu lặp"),
        ({"times_on": "24/12/2026"}, "Giờ phát phải có dạng"),
        ({"times_on": "hôm nào 07:00"}, "không đúng"),
        ({"first_on": "2026-12-24", "last_on": "2026-12-01"}, "Ngày cuối phải bằng hoặc sau ngày đầu"),
        ({"holidays": "ngủ"}, "Quy tắc lặp không hợp lệ"),
    ],
)
def test_days_that_cannot_be_are_explained(commune: Commune, changes: dict[str, object], sentence: str) -> None:
    answer = send(commune.browser(), "/slots", {**SLOT, "kind": "weekly", "weekdays": ["0"], **changes})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_next_five_times_are_shown_while_the_form_is_filled_in(commune: Commune) -> None:
    page = look(commune, kind="lunar_monthly", lunar_days=["15"])
    days = re.findall(r"<span>\S+ \S+, (\d\d/\d\d/\d{4})</span>", page)
    assert days == ["23/11/2026", "23/12/2026", "22/01/2027", "20/02/2027", "22/03/2027"]


def test_without_javascript_a_button_shows_the_same_beside_the_form(commune: Commune) -> None:
    sent = {**SLOT, "name": "Gõ dở", "kind": "monthly", "month_days": ["-1"]}
    page = send(commune.browser(), "/slots/preview", sent).text
    assert "30/11/2026" in page
    assert 'value="Gõ dở"' in page


def test_a_slot_that_never_plays_again_is_said(commune: Commune) -> None:
    assert "Không còn lần phát nào" in look(commune, last_on="2026-01-01")


def test_times_in_quiet_hours_are_explained_before_they_are_saved(commune: Commune) -> None:
    with commune.database.session() as s:
        settings.write(s, "quiet_hours", [[1320, 285]])
    assert "04:30 nằm trong giờ yên lặng 22:00–04:45" in look(commune, times="04:30")
    assert "Phiên 21:30 có thể kéo tới giờ yên lặng" in look(commune, times="21:30")
    assert "yên lặng" not in look(commune, times="17:00")


@pytest.mark.parametrize(("remedy", "mine"), [("override", "17:20"), ("after", "17:45")])
def test_a_conflict_is_shown_with_both_remedies_and_one_press_saves_and_resolves(
    commune: Commune, remedy: str, mine: str
) -> None:
    daily = made(commune, name="Chiều")
    page = look(commune, name="Thôn", times="17:20", zones=["lung-pang"])
    assert "Trùng với “Chiều”: 17:20–18:05 gặp 17:00" in page
    assert f'value="override:{daily}"' in page
    slot = made(commune, name="Thôn", times="17:20", zones=["lung-pang"], resolve=f"{remedy}:{daily}")
    assert stored(commune, slot)["times"] == [mine]
    assert "Trùng với" not in commune.browser().get(f"/slots/{slot}").text


def test_a_conflict_is_also_resolved_on_the_page_of_the_slot(commune: Commune) -> None:
    daily, slot = made(commune, name="Chiều"), made(commune, name="Thôn", times="17:20")
    browser = commune.browser()
    assert "Trùng với “Chiều”" in browser.get(f"/slots/{slot}").text
    assert send(browser, f"/slots/{slot}/conflicts", {"resolve": f"after:{daily}"}).status_code == 302
    assert "Trùng với" not in browser.get(f"/slots/{slot}").text


def test_a_remedy_that_finds_no_room_saves_nothing(commune: Commune) -> None:
    late = made(commune, name="Khuya", times="23:30")
    sent = {**SLOT, "name": "Trễ", "times": "23:40", "kind": "weekly", "weekdays": ["0"], "resolve": f"after:{late}"}
    answer = send(commune.browser(), "/slots", sent)
    assert answer.status_code == 422
    assert "Không còn chỗ trước nửa đêm" in answer.text
    with commune.database.reading() as s:
        assert [slot.name for slot in slots.listing(s)] == ["Khuya"]
        assert conflicts.conflicts(s, conflicts.draft_of(slots.get(s, late)), now_at=commune.clock()) == []


def test_a_copy_begins_with_everything_but_single_dates_and_brings_the_announcements(commune: Commune) -> None:
    slot = made(commune, except_on="2026-12-25", greeting="1")
    browser = commune.browser()
    send(browser, f"/slots/{slot}/items", {"announcement": commune.approved("Họp thôn")})
    shown = fields(browser.get(f"/slots/new?copy={slot}").text, form="slot-form")
    assert shown["name"] == ["Bản tin (bản sao)"]
    assert shown["except_on"] == [""]
    answer = browser.post("/slots", data=shown | {"times": "18:00"})
    copied = answer.headers["Location"].rsplit("/", 1)[1]
    assert "1. Họp thôn" in browser.get(f"/slots/{copied}").text
    assert stored(commune, copied)["times"] == ["18:00"]


def test_a_slot_pauses_and_plays_again_from_its_page(commune: Commune) -> None:
    slot = made(commune)
    browser = commune.browser()
    send(browser, f"/slots/{slot}/pause", {"paused_until_on": "2026-12-31"})
    page = browser.get(f"/slots/{slot}").text
    assert "tạm nghỉ đến hết 31/12/2026" in page
    assert "Thứ Hai, 04/01/2027" in page
    send(browser, f"/slots/{slot}/pause", {"paused_until_on": ""})
    assert "tạm nghỉ đến hết" not in browser.get(f"/slots/{slot}").text


def test_announcements_change_places_by_buttons_and_by_a_dropped_order(commune: Commune) -> None:
    slot = made(commune)
    browser = commune.browser()
    for title in ("Một", "Hai", "Ba"):
        send(browser, f"/slots/{slot}/items", {"announcement": commune.approved(title)})
    page = browser.get(f"/slots/{slot}").text
    items = re.findall(r'form="order" name="items" value="(\w+)"', page)
    send(browser, f"/slots/{slot}/order", {"items": items, "up": items[2]})
    assert order(browser.get(f"/slots/{slot}").text) == ["Một", "Ba", "Hai"]
    send(browser, f"/slots/{slot}/order", {"items": [items[1], items[2], items[0]], "down": "gì đó"})
    assert order(browser.get(f"/slots/{slot}").text) == ["Hai", "Ba", "Một"]
    assert send(browser, f"/slots/{slot}/order", {"items": items[:2]}).status_code == 422


def order(page: str) -> list[str]:
    return re.findall(r'class="title" href="/announcements/\w+">\d\. (\S+)</a>', page)


def test_what_does_not_fit_is_told_on_the_page_of_the_slot(commune: Commune) -> None:
    slot = made(commune, cap_minutes="1")
    browser = commune.browser()
    for title in ("Một", "Hai", "Ba"):
        send(browser, f"/slots/{slot}/items", {"announcement": commune.approved(title)})
    page = browser.get(f"/slots/{slot}").text
    assert "17:00:23" in page
    assert "“Ba” không đủ thời lượng của khung giờ." in page


def test_a_cap_too_short_for_what_is_in_the_slot_is_told_while_it_is_typed(commune: Commune) -> None:
    slot = made(commune)
    browser = commune.browser()
    for title in ("Một", "Hai"):
        send(browser, f"/slots/{slot}/items", {"announcement": commune.approved(title)})
    assert "không đủ thời lượng" not in look(commune, slot=slot, cap_minutes="2")
    assert "“Ba” không đủ" not in look(commune, slot=slot, cap_minutes="1")
    send(browser, f"/slots/{slot}/items", {"announcement": commune.approved("Ba")})
    assert "“Ba” không đủ thời lượng của khung giờ." in look(commune, slot=slot, cap_minutes="1")
