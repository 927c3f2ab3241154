"""The deputy chair's day on a phone: told that something waits, sends it back, releases it, takes it back."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def test_an_announcement_is_sent_back_mended_and_released_from_a_phone(enter: Enter) -> None:
    officer, chair = enter("canbo"), enter("chutich", **PHONE)
    officer.write("Lịch tiêm chủng", "Tiêm chủng lúc 7h30 ngày 05/12.", "lung-pang")
    announcement = officer.save()
    officer.press("Gửi duyệt")
    chair.go("/")
    chair.page.get_by_role("link", name="Mở danh sách chờ duyệt").or_(
        chair.page.locator('main a[href="/approvals"]')
    ).first.tap()
    chair.page.get_by_role("link", name="Lịch tiêm chủng").tap()
    chair.page.get_by_text("Trả lại hoặc từ chối").tap()
    chair.page.fill("#comment", "Ghi rõ tiêm ở đâu.")
    chair.press("Trả lại để sửa")
    officer.go(announcement)
    officer.sees("Ghi rõ tiêm ở đâu.")
    officer.follow("Sửa bản tin")
    officer.page.fill("#text", "Tiêm chủng lúc 7h30 ngày 05/12 tại nhà văn hóa thôn.")
    officer.save()
    officer.press("Gửi duyệt")
    chair.go(announcement)
    chair.page.get_by_text("Văn bản gốc").tap()
    chair.sees("tại nhà văn hóa thôn")
    chair.press("Duyệt")
    expect(chair.page.locator(".page-head")).to_contain_text("Đã duyệt")
    chair.press("Rút bản tin")
    chair.sees("Bản tin này không phát nữa.")


def test_nobody_releases_what_changed_under_their_eyes(enter: Enter) -> None:
    officer, chair = enter("canbo"), enter("chutich", java_script_enabled=False)
    officer.write("Đổi giờ họp", "Họp lúc 19h.", "lung-pang")
    announcement = officer.save()
    officer.press("Gửi duyệt")
    chair.go(announcement)
    officer.go(announcement + "/edit")
    officer.page.fill("#text", "Họp lúc 20h.")
    officer.save()
    officer.press("Gửi duyệt")
    chair.press("Duyệt")
    chair.sees("Bản tin đã thay đổi sau khi mở trang này")
    chair.errors.clear()  # Chromium notes the conflict
