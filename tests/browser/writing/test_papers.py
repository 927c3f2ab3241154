"""A paper becomes an announcement in a real browser, with and without scripts; a damaged paste is mended and undone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.rig.person import Person
from tests.unit.paper_files import files
from tests.unit.text.papers.paper_files import own_text

OLD = "KÝnh mêi bµ con th«n §«ng ®Õn häp lóc 19 giê. Tr­êng mÇm non nghØ häc."
NEW = "Kính mời bà con thôn Đông đến họp lúc 19 giờ. Trường mầm non nghỉ học."


def paste(person: Person, text: str) -> None:
    """As a hand does: the clipboard's text at the cursor, and the event that tells of it."""
    person.page.focus("#text")
    person.page.evaluate(
        """(pasted) => {
            document.execCommand("insertText", false, pasted);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
        }""",
        text,
    )


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_paper_is_looked_over_and_handed_to_the_form(enter: Enter, scripts: bool, width: int) -> None:
    officer = enter("canbo", java_script_enabled=scripts, viewport={"width": width, "height": 800})
    officer.go("/announcements/new")
    officer.follow("Lấy từ văn bản")
    officer.page.fill("#paper-text", own_text("01"))
    officer.press("Đọc văn bản")
    header = officer.page.locator("#line-1")
    expect(header.locator("s")).to_contain_text("TỔNG CÔNG TY ĐIỆN LỰC")
    header.get_by_role("button", name="Đọc dòng này").click()
    expect(officer.page.locator("#line-1 s")).to_have_count(0)
    officer.page.locator("#line-1").get_by_role("button", name="Bỏ dòng này").click()
    expect(officer.page.locator("#line-1 s")).to_have_count(1)
    assert officer.page.evaluate("document.documentElement.scrollWidth") <= width
    officer.page.get_by_role("button", name="Đưa vào bản tin").last.click()
    expect(officer.page.locator("#title")).to_have_value(
        "Thông báo về việc tạm ngừng cung cấp điện từ ngày 08/6/2026 đến ngày 12/6/2026"
    )
    text = officer.page.locator("#text").input_value()
    assert "Thôn Đông, thôn Đoài: từ 07:00 08/6 đến 11:30 08/6" in text
    assert "Nơi nhận" not in text


def test_a_word_file_is_read_from_the_form_itself(enter: Enter, tmp_path: Path) -> None:
    (tmp_path / "thong-bao.docx").write_bytes(files.word())
    officer = enter("canbo")
    officer.go("/announcements/new")
    officer.page.fill("#title", "Tên tôi đặt")
    officer.page.get_by_text("Lấy nội dung từ tệp Word, PDF").click()
    officer.page.set_input_files("#file", tmp_path / "thong-bao.docx")
    officer.press("Đọc tệp này")
    officer.sees("Thôn Gốc Sấu: từ 14h00 đến 17h00.")
    officer.page.get_by_role("button", name="Đưa vào bản tin").last.click()
    lines = officer.page.locator("#text").input_value().split("\n")
    assert lines[:2] == ["THÔNG BÁO", "Về việc tiêm phòng dại"]
    assert lines[3:5] == ["Thôn Cầu Mới: từ 7h00 đến 10h30.", "Thôn Gốc Sấu: từ 14h00 đến 17h00."]


def test_a_paste_in_an_old_font_is_mended_told_and_undone(enter: Enter) -> None:
    officer = enter("canbo")
    officer.go("/announcements/new")
    paste(officer, OLD)
    expect(officer.page.locator("#text")).to_have_value(NEW)
    officer.sees("Đã chuyển phông TCVN3 (ABC, .VnTime) sang Unicode.")
    officer.press("Hoàn tác")
    expect(officer.page.locator("#text")).to_have_value(OLD)
    expect(officer.page.locator("#pasted")).to_be_hidden()
    paste(officer, " ")
    expect(officer.page.locator("#text")).to_have_value(OLD + " ")


def test_without_scripts_the_same_paste_is_mended_before_it_is_saved(enter: Enter) -> None:
    officer = enter("canbo", java_script_enabled=False)
    officer.go("/announcements/new")
    officer.page.fill("#text", OLD)
    officer.press("Xem trước văn bản đọc")
    expect(officer.page.locator("#text")).to_have_value(NEW)
    officer.press("Hoàn tác")
    expect(officer.page.locator("#text")).to_have_value(OLD)


def test_a_pasted_paper_is_recognised_while_writing(enter: Enter) -> None:
    officer = enter("canbo")
    officer.go("/announcements/new")
    paste(officer, own_text("03"))
    officer.press("Xem từng dòng")
    officer.sees("Điều 2. Xe tải đi vòng theo đường liên thôn Nà Chang - Nà Lẹng.")
    expect(officer.page.locator("s").first).to_contain_text("CỘNG HOÀ XÃ HỘI")
