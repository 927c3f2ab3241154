"""A resident without JavaScript scans a node's code, says what is wrong, and later reads the commune's answer."""

import os
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Enter
from tests.browser.rig.chromium import Chromium, ask
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage

PHONE: ViewportSize = {"width": 360, "height": 740}
PICTURES = os.environ.get("PICTURES_OF_RESIDENTS")
"""A folder for pictures of what was seen, for whoever wants to look."""


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert ask(page, "document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def printed_address(enter: Enter, node: str) -> str:
    """What stands under the code on the sheet of this node."""
    staff = enter("canbo")
    staff.go("/nodes/" + node)
    staff.follow("In mã QR để bà con phản ánh")
    picture(staff.page, "sheet")
    return staff.page.locator("p.address").inner_text()


def reported(phone: Page, address: str) -> str:
    """Fill in the form, first with a telephone number that is none; the code for the answer."""
    phone.goto(address)
    picture(phone, "form")
    phone.get_by_text("Không nghe thấy").tap()
    phone.get_by_label("Nói rõ hơn").fill("Từ chiều hôm qua không nghe gì.")
    for number in ("không có", "0912 345 678"):
        phone.get_by_label("Số điện thoại để xã gọi lại").fill(number)
        phone.wait_for_timeout(2_100)  # the form takes nothing that is quicker than a person
        phone.get_by_role("button", name="Gửi phản ánh").tap()
        if number == "không có":
            expect(phone.get_by_text("Số điện thoại này chưa đúng")).to_be_visible()
            picture(phone, "wrong")
            expect(phone.get_by_label("Nói rõ hơn")).to_have_value("Từ chiều hôm qua không nghe gì.")
    code = phone.locator(".secret").inner_text()
    picture(phone, "ticket")
    return code


def answered(staff: Person) -> None:
    """Take the message in hand, and answer it."""
    staff.go("/feedback")
    picture(staff.page, "inbox")
    staff.follow("Không nghe thấy")
    staff.press("Nhận xử lý")
    staff.sees("đang xử lý")
    picture(staff.page, "message")
    staff.page.fill("#answer", "Thợ đã thay dây loa sáng nay. Mời bà con nghe lại lúc 17h.")
    staff.press("Gửi trả lời")
    staff.sees("Đã trả lời. Bà con đọc được")
    picture(staff.page, "answered")
    staff.page.set_viewport_size(PHONE)
    picture(staff.page, "answered-phone")


def test_a_resident_reports_from_the_printed_code_and_reads_the_answer(
    enter: Enter, stage: Stage, chromium: Chromium
) -> None:
    address = printed_address(enter, stage.virtual_nodes[0])
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True, java_script_enabled=False)
    phone = context.pages[0]
    code = reported(phone, address)
    answered(enter("canbo", viewport={"width": 1280, "height": 860}))
    phone.goto(f"{stage.address}/phan-anh")
    picture(phone, "find")
    phone.get_by_label("Mã phản ánh").fill(code.lower())
    phone.get_by_role("button", name="Xem trả lời").tap()
    expect(phone.get_by_text("Thợ đã thay dây loa sáng nay.")).to_be_visible()
    picture(phone, "answer")
    assert context.cookies() == []
    chromium.close(context)
