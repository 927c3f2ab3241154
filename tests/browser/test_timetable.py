"""The calendar in a browser: what is dragged asks before it moves, and everything it does a form does too."""

import re

from playwright.sync_api import Locator, expect
from playwright.sync_api import TimeoutError as NothingCame

from tests.browser.conftest import Enter
from tests.browser.rig.person import Person


def make_slot(officer: Person, name: str, times: str) -> None:
    officer.go("/slots/new")
    officer.page.fill("#name", name)
    officer.page.fill("#times", times)
    officer.page.locator('[name="zones"][value="ban-cuon"]').check()
    officer.press("Lưu khung giờ")
    officer.sees("Đã thêm khung giờ.")


def drag(day: Locator, name: str, hour: int) -> Locator:
    """Drag a session to an hour of its day; the dialog that then asks. The calendar may renew itself under the hand."""
    dialog = day.page.locator("dialog")
    for _ in range(4):
        day.locator(".entry", has_text=name).drag_to(day.locator(f'.hour[data-to$="T{hour}"]'))
        try:
            dialog.locator("form").wait_for()
        except NothingCame:
            continue
        return dialog
    raise AssertionError("nothing asked after the drag")


def test_the_form_says_at_once_when_a_lunar_slot_plays_and_what_is_in_its_way(enter: Enter) -> None:
    officer = enter("canbo")
    make_slot(officer, "Trưa", "11:00")
    officer.go("/slots/new")
    officer.page.fill("#name", "Rằm")
    officer.page.fill("#times", "11:20")
    officer.page.get_by_label("Âm lịch hằng tháng").check()
    expect(officer.page.get_by_label("Thứ Hai")).to_be_hidden()
    expect(officer.page.locator("#outlook li")).to_have_count(5)
    officer.page.locator('[name="zones"][value="ban-cuon"]').check()
    expect(officer.page.locator("#outlook")).to_contain_text("Trùng với “Trưa”: 11:20–12:05 gặp 11:00")
    officer.page.locator("#outlook").get_by_role("button", name="Xếp sau").first.click()
    officer.sees("Đã thêm khung giờ.")
    expect(officer.page.locator(".page-head")).to_contain_text("11:45")


def test_a_session_is_dragged_to_another_hour_for_this_day_only(enter: Enter) -> None:
    officer = enter("canbo", viewport={"width": 1280, "height": 1400})
    make_slot(officer, "Kéo thả", "09:15")
    officer.go("/timetable")
    third = officer.page.locator(".cal-day").nth(2)
    dialog = drag(third, "Kéo thả", 14)
    expect(dialog.locator("#to_time")).to_have_value("14:15")
    dialog.get_by_role("button", name="Chỉ ngày này").click()
    officer.sees("Đã chuyển phiên phát.")
    moved = officer.page.locator(".cal-day").nth(2)
    expect(moved.locator('.hour[data-to$="T14"]')).to_contain_text("14:15 Kéo thả")
    expect(moved.locator('.hour[data-to$="T9"]')).to_contain_text("nghỉ")
    expect(officer.page.locator(".cal-day").nth(3).locator('.hour[data-to$="T9"]')).to_contain_text("Kéo thả")


def test_a_dragged_session_is_let_go_without_anything_moving(enter: Enter) -> None:
    officer = enter("canbo", viewport={"width": 1280, "height": 1400})
    make_slot(officer, "Thôi", "10:15")
    officer.go("/timetable")
    day = officer.page.locator(".cal-day").nth(4)
    drag(day, "Thôi", 15).get_by_role("button", name="Thôi").click()
    expect(officer.page.locator("dialog")).to_be_hidden()
    expect(day.locator('.hour[data-to$="T10"]')).to_contain_text("Thôi")


def test_on_a_phone_without_javascript_a_date_is_moved_by_its_form(enter: Enter) -> None:
    officer = enter("canbo", viewport={"width": 360, "height": 740}, java_script_enabled=False)
    make_slot(officer, "Điện thoại", "08:15")
    officer.go("/timetable")
    officer.page.locator(".cal-day").nth(2).get_by_role("link", name=re.compile("Điện thoại")).click()
    officer.page.fill("#to_time", "08:45")
    officer.press("Mọi tuần")
    officer.sees("Đã chuyển phiên phát.")
    expect(officer.page.locator(".cal-day").nth(3)).to_contain_text("08:45")


def test_the_week_prints_on_one_sheet(enter: Enter) -> None:
    officer = enter("canbo", viewport={"width": 1280, "height": 900})
    officer.go("/timetable")
    sheet = officer.page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1
