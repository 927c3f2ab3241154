"""The approver on a phone: told that something waits, hears it, sees what changed, answers."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Enter


def test_the_approver_is_told_sees_what_changed_and_answers_on_a_phone(enter: Enter) -> None:
    officer = enter("canbo")
    chair = enter("chutich", viewport={"width": 360, "height": 740})
    officer.write("Họp có sửa", "Mời bà con họp lúc 19h.", "ban-cuon")
    announcement = officer.save()
    chair.go("/nodes")
    badge = chair.page.locator(".tabs > a [data-badge]")
    before = int(badge.text_content() or "0")
    officer.press("Gửi duyệt")
    expect(badge).to_have_text(str(before + 1))
    expect(badge).to_be_visible()
    expect(chair.page).to_have_title(re.compile(rf"^\({before + 1}\) "))
    chair.go("/approvals")
    card = chair.page.locator(".waiting", has_text="Họp có sửa")
    card.get_by_text("Trả lại hoặc từ chối").click()
    card.get_by_label("Nhắn người soạn").fill("Đổi sang 20h.")
    card.get_by_role("button", name="Trả lại để sửa").click()
    chair.sees("Đã trả lại cho người soạn.")
    assert chair.path == "/approvals"
    officer.go(announcement + "/edit")
    officer.page.fill("#text", "Mời bà con họp lúc 20h.")
    officer.save()
    officer.press("Gửi duyệt")
    chair.sees("Danh sách chờ duyệt vừa thay đổi.")
    chair.follow("Xem danh sách mới")
    expect(card.locator("del", has_text="19h.")).to_be_visible()
    expect(card.locator("ins", has_text="20h.")).to_be_visible()
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert chair.ask(width) <= 0
    card.get_by_role("button", name="Duyệt", exact=True).click()
    chair.sees("Đã duyệt.")
    expect(badge).to_have_text(str(before))
