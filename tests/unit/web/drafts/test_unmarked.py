"""Marks for a text typed without them are shown, taken over by one press, and undone by another."""

import pytest

from tests.unit.web.commune import Commune, send
from tests.unit.web.page_forms import fields

pytestmark = pytest.mark.integration

TYPED = "kinh moi ba con den nha van hoa nhan qua"
MARKED = "kính mời bà con đến nhà văn hóa nhận quà"
WRITTEN = {"title": "Nhận quà", "zones": "lung-pang"}


def test_the_preview_shows_what_would_change_and_says_the_text_as_it_stands(commune: Commune) -> None:
    shown = send(commune.browser(), "/preview", {"text": TYPED}).text
    assert "kinh</del>" in shown
    assert "kính</ins>" in shown
    assert "Kinh moi ba con" in shown
    assert "with_marks" not in send(commune.browser(), "/preview", {"text": MARKED}).text


def test_marks_are_never_added_by_saving(commune: Commune) -> None:
    browser = commune.browser()
    saved = send(browser, "/announcements", {**WRITTEN, "text": TYPED})
    assert saved.status_code == 302
    shown = browser.get(saved.location).text
    assert TYPED in shown
    assert f"“{MARKED}”" in shown, "the doubt says what was probably meant"
    assert shown.count(MARKED) == 1


def test_one_press_takes_the_marks_and_another_puts_the_text_back(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/announcements", {**WRITTEN, "text": TYPED, "with_marks": "1"}).text
    assert fields(page, form="compose")["text"] == [MARKED]
    assert "Đã thêm dấu do máy đoán." in page
    page = send(browser, "/announcements", fields(page, form="compose") | {"undo_paste": "1"}).text
    assert fields(page, form="compose")["text"] == [TYPED]


def test_the_script_of_the_form_gets_the_marked_text(commune: Commune) -> None:
    answer = send(commune.browser(), "/pastes", {"text": TYPED, "with_marks": "1"}).json
    assert answer["text"] == MARKED
    assert answer["sentences"] == ["Đã thêm dấu do máy đoán. Hãy đọc lại từng chữ trước khi lưu."]
