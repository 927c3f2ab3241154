"""The administrator's day: somebody new comes in and is locked out, the residents' pages close and open."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.rig.stage import Stage


def test_a_newcomer_enters_with_the_password_shown_once_until_locked_out(enter: Enter, stage: Stage) -> None:
    administrator = enter("quantri")
    administrator.go("/people/new")
    administrator.page.fill("#full_name", "Lường Thị Mới")
    administrator.page.fill("#username", "nguoimoi")
    administrator.page.locator('input[name="roles"][value="officer"]').check()
    administrator.page.locator('input[name="how"][value="password"]').check()
    administrator.press("Thêm người dùng")
    stage.passwords["nguoimoi"] = administrator.page.locator("dd.secret").nth(1).inner_text().strip()
    newcomer = enter("nguoimoi")
    newcomer.write("Bản tin đầu tiên", "Xin chào bà con thôn Bản Cuôn.", "ban-cuon")
    administrator.go("/people")
    administrator.page.get_by_role("link", name="Lường Thị Mới").click()
    administrator.press("Khóa tài khoản")
    newcomer.press("Lưu và nghe thử")
    newcomer.sees("Xin chào bà con thôn Bản Cuôn.")
    expect(newcomer.page.locator("#password")).to_be_visible()
    newcomer.sign_in()
    expect(newcomer.page.get_by_role("alert").first).to_be_visible()
    newcomer.errors.clear()  # Chromium notes both refusals


def test_the_residents_pages_are_closed_and_opened_again(enter: Enter) -> None:
    administrator = enter("quantri")
    administrator.go("/public-page")
    administrator.press("Đóng trang cho bà con")
    administrator.sees("Trang đang đóng")
    administrator.press("Mở trang cho bà con")
    administrator.sees("Đã mở trang cho bà con.")
