"""Nothing typed is lost: not with a closed tab, a lost server, a log-out elsewhere, nor with two tabs at once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.rig.person import Person

COMMUNE = ZoneInfo("Asia/Ho_Chi_Minh")


def saved_on_server(person: Person) -> None:
    person.sees("Đã tự lưu lúc")


def test_a_text_begun_on_one_machine_is_finished_on_another(enter: Enter) -> None:
    computer = enter("canbo")
    computer.write("Viết ở cơ quan", "Bản tin viết dở trên máy cơ quan.", "lung-vai")
    saved_on_server(computer)
    phone = enter("canbo", viewport={"width": 360, "height": 740})
    phone.go("/announcements/new")
    phone.sees("Viết ở cơ quan Bản tin viết dở")
    phone.press("Lấy lại bản viết dở")
    expect(phone.page.locator("#text")).to_have_value("Bản tin viết dở trên máy cơ quan.")
    phone.save()
    phone.go("/announcements/new")
    expect(phone.page.locator("main")).not_to_contain_text("Viết ở cơ quan")


def test_the_time_of_keeping_is_the_communes(enter: Enter) -> None:
    officer = enter("canbo", timezone_id="America/New_York")
    begun_at = datetime.now(COMMUNE)
    officer.write("Giờ tự lưu", "Máy này chạy sai múi giờ.", "lung-vai")
    saved_on_server(officer)
    said = officer.page.locator("#autosaved").inner_text()
    passed = (datetime.now(COMMUNE) - begun_at).seconds // 60 + 1
    assert said.rstrip(".")[-5:] in {f"{begun_at + timedelta(minutes=n):%H:%M}" for n in range(passed + 1)}


def test_a_server_that_dies_mid_typing_costs_nothing(enter: Enter) -> None:
    officer = enter("canbo")
    officer.write("Máy chủ tắt", "Trước khi tắt.", "lung-vai")
    saved_on_server(officer)
    officer.context.set_offline(True)
    officer.page.fill("#text", "Trước khi tắt. Và sau đó.")
    officer.sees("Mất liên lạc với máy chủ. Bản viết đang được giữ trên máy này")
    officer.open_new_tab()
    officer.context.set_offline(False)
    officer.go("/announcements/new")
    officer.press("Lấy lại bản viết dở")
    expect(officer.page.locator("#text")).to_have_value("Trước khi tắt. Và sau đó.")
    officer.save()
    officer.go("/announcements/new")
    expect(officer.page.locator("#restored")).to_be_hidden()
    expect(officer.page.locator("main")).not_to_contain_text("Máy chủ tắt")
    officer.errors.clear()  # Chromium notes the lost connection


def test_when_the_server_comes_back_the_text_is_kept_by_itself(enter: Enter) -> None:
    officer = enter("canbo")
    officer.write("Mạng chập chờn", "Viết khi mất mạng.", "lung-vai")
    officer.context.set_offline(True)
    officer.page.fill("#text", "Viết khi mất mạng, rồi có lại.")
    officer.sees("Mất liên lạc với máy chủ")
    officer.context.set_offline(False)
    saved_on_server(officer)
    officer.save()
    officer.errors.clear()  # Chromium notes the lost connection


def test_logging_out_in_another_tab_is_said_while_typing_and_loses_nothing(enter: Enter) -> None:
    officer = enter("canbo")
    officer.write("Đăng xuất ở thẻ khác", "Đang gõ thì bị thoát.", "lung-vai")
    saved_on_server(officer)
    officer.context.clear_cookies(name="loa_session")
    officer.page.fill("#text", "Đang gõ thì bị thoát, gõ tiếp.")
    expect(officer.page.locator("#autosaved")).to_contain_text("đăng xuất")
    other = officer.context.new_page()
    other.goto(officer.stage.address + "/login")
    other.fill("#username", "canbo")
    other.fill("#password", officer.stage.passwords["canbo"])
    other.get_by_role("button", name="Đăng nhập").click()
    other.wait_for_url(officer.stage.address + "/")
    other.close()
    officer.page.reload()
    officer.press("Lấy lại bản viết dở")
    expect(officer.page.locator("#text")).to_have_value("Đang gõ thì bị thoát, gõ tiếp.")
    officer.save()
    officer.errors.clear()  # Chromium notes the refused request


def test_two_tabs_keep_two_texts(enter: Enter) -> None:
    officer = enter("canbo")
    officer.write("Thẻ một", "Bản tin của thẻ một.", "lung-vai")
    saved_on_server(officer)
    first = officer.page
    officer.page = officer.context.new_page()
    officer.write("Thẻ hai", "Bản tin của thẻ hai.", "lung-pang")
    saved_on_server(officer)
    officer.page.close()
    officer.page = first
    officer.go("/announcements/new")
    for words in ("Thẻ một Bản tin của thẻ một.", "Thẻ hai Bản tin của thẻ hai."):
        officer.sees(words)


def test_a_pattern_is_filled_in_and_saved(enter: Enter) -> None:
    officer = enter("canbo")
    officer.go("/announcements/new")
    officer.follow("Dùng mẫu có sẵn")
    officer.page.get_by_role("link", name="Thu …").click()
    for label, words in (
        ("Tên khoản thu", "quỹ vệ sinh"),
        ("Số tiền", "45.000"),
        ("Hộ hay khẩu", "hộ"),
        ("Hạn nộp", "2026-12-15"),
        ("Nơi nộp hoặc số tài khoản", "nhà văn hóa thôn"),
        ("Mục đích", "thu gom rác"),
        ("Người phụ trách", "ông Nông Văn Sơn"),
        ("Điện thoại", "0912 345 678"),
    ):
        officer.page.get_by_label(label, exact=True).fill(words)
    officer.press("Điền vào bản tin")
    officer.sees("bốn mươi lăm nghìn đồng")
    officer.page.locator('input[name="zones"][value="lung-vai"]').check()
    officer.save()
    officer.sees("Thu quỹ vệ sinh")
