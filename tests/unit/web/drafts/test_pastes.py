"""Damaged text in the form is repaired before anybody saves it, told in a sentence, and undone by one press."""

import pytest

from tests.unit.web.commune import Commune, send
from tests.unit.web.page_forms import fields

pytestmark = pytest.mark.integration

OLD = "KÝnh mêi bµ con th«n §«ng ®Õn häp lóc 19 giê. Tr­êng mÇm non nghØ häc."
NEW = "Kính mời bà con thôn Đông đến họp lúc 19 giờ. Trường mầm non nghỉ học."
WRITTEN = {"title": "Họp thôn", "zones": "lung-pang"}


def test_a_look_at_the_words_repairs_the_letters_and_tells_it(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/announcements", {**WRITTEN, "text": OLD, "preview": "1"}).text
    assert fields(page, form="compose")["text"] == [NEW]
    assert "Đã chuyển phông TCVN3 (ABC, .VnTime) sang Unicode." in page


def test_one_press_puts_back_what_was_pasted_and_leaves_it(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/announcements", {**WRITTEN, "text": OLD, "preview": "1"}).text
    page = send(browser, "/announcements", fields(page, form="compose") | {"undo_paste": "1"}).text
    assert fields(page, form="compose")["text"] == [OLD]
    assert send(browser, "/announcements", fields(page, form="compose")).status_code == 302


def test_letters_are_never_changed_unseen(commune: Commune) -> None:
    browser = commune.browser()
    page = send(browser, "/announcements", {**WRITTEN, "text": OLD})
    assert page.status_code == 200
    assert "Hoàn tác" in page.text
    assert send(browser, "/announcements", fields(page.text, form="compose")).status_code == 302


def test_an_ordinary_text_is_saved_at_once(commune: Commune) -> None:
    assert send(commune.browser(), "/announcements", {**WRITTEN, "text": NEW}).status_code == 302


def test_the_script_of_the_form_gets_text_and_sentence(commune: Commune) -> None:
    browser = commune.browser()
    answer = send(browser, "/pastes", {"text": OLD}).json
    assert answer["text"] == NEW
    assert answer["sentences"] == ["Đã chuyển phông TCVN3 (ABC, .VnTime) sang Unicode."]
    assert send(browser, "/pastes", {"text": OLD, "left_paste": answer["kinds"]}).json["text"] == OLD
    assert send(browser, "/pastes", {"text": NEW}).json["sentences"] == []


def test_a_paper_in_the_form_is_recognised(commune: Commune) -> None:
    browser = commune.browser()
    paper = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nMai họp thôn."
    shown = send(browser, "/preview", {"text": paper}).text
    assert "2 dòng" in shown
    assert 'formaction="/papers"' in shown
    assert "formaction" not in send(browser, "/preview", {"text": "Mai họp thôn."}).text
