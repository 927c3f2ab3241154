"""When things go wrong in the console, nobody loses a word."""

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.rig.stage import Stage

HOSTILE = "<script>window.broken = true</script><img src=x onerror='window.broken = true'>\"'"


def test_a_half_written_text_survives_a_closed_tab(enter: Enter) -> None:
    officer = enter("canbo")
    officer.write("Viết dở", "Bản tin đang viết dở thì mất điện.", "lung-vai")
    officer.keeps("Bản tin đang viết dở thì mất điện.", "lung-vai")
    officer.open_new_tab()
    officer.go("/announcements/new")
    officer.press("Lấy lại bản viết dở")
    expect(officer.page.locator("#text")).to_have_value("Bản tin đang viết dở thì mất điện.")
    expect(officer.page.locator('input[value="lung-vai"]')).to_be_checked()
    officer.save()
    officer.go("/announcements/new")
    expect(officer.page.locator("#restored")).to_be_hidden()


def test_a_text_sent_after_the_login_ended_comes_back_after_signing_in_again(enter: Enter) -> None:
    officer = enter("canbo")
    officer.write("Mất phiên", "Bản tin gõ suốt buổi chiều rồi bị thoát.", "lung-vai")
    officer.page.context.clear_cookies(name="loa_session")
    officer.press("Lưu và nghe thử")
    officer.sees("Bản tin gõ suốt buổi chiều rồi bị thoát.")
    officer.go("/login")
    officer.sign_in()
    officer.go("/announcements/new")
    officer.press("Lấy lại bản viết dở")
    expect(officer.page.locator("#text")).to_have_value("Bản tin gõ suốt buổi chiều rồi bị thoát.")
    officer.errors.clear()  # Chromium notes the refused form


def test_two_officers_editing_one_announcement_see_both_texts(enter: Enter) -> None:
    first, second = enter("canbo"), enter("chutich")
    first.write("Hai người cùng sửa", "Bản đầu tiên.", "ban-cuon")
    announcement = first.save()
    for person in (first, second):
        person.go(announcement + "/edit")
    first.page.fill("#text", "Bản của cán bộ.")
    first.save()
    second.page.fill("#text", "Bản của chủ tịch.")
    second.press("Lưu và nghe thử")
    expect(second.page.locator("#theirs")).to_contain_text("Bản của cán bộ.")
    expect(second.page.locator("#text")).to_have_value("Bản của chủ tịch.")
    second.save()
    second.page.get_by_text("Văn bản gốc").click()
    second.sees("Bản của chủ tịch.")
    second.errors.clear()  # Chromium notes the conflict


def test_an_approval_is_voided_by_an_edit(enter: Enter) -> None:
    officer, chair = enter("canbo"), enter("chutich")
    officer.write("Sửa sau khi duyệt", "Họp lúc 19h.", "ban-cuon")
    announcement = officer.save()
    officer.press("Gửi duyệt")
    chair.go(announcement)
    chair.press("Duyệt")
    officer.go(announcement + "/edit")
    officer.page.fill("#text", "Họp lúc 20h.")
    officer.save()
    officer.sees("Mất hiệu lực vì bản tin đã sửa")
    chair.go(announcement)
    expect(chair.page.get_by_role("link", name="Phát ngay")).to_have_count(0)


def test_hostile_text_is_only_text_in_every_field(enter: Enter, stage: Stage) -> None:
    officer = enter("canbo")
    officer.write(f"Tên {HOSTILE}", f"Bà con chú ý {HOSTILE}", "ban-cuon")
    officer.sees("Ước tính")
    announcement = officer.save()
    for path in (announcement, announcement + "/edit", "/announcements", "/"):
        officer.go(path)
        assert officer.ask("window.broken") is None, path
