"""What is put into a slot is found among all approved texts, not among the newest alone."""

import re

import pytest

from tests.unit.web.commune import Commune, send
from tests.unit.web.slots.test_pages import made
from web.slots import views

pytestmark = pytest.mark.integration


def offered(page: str) -> list[tuple[str, str]]:
    """Id and title of each announcement that can be chosen."""
    choice = page.partition('<select id="announcement"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', choice)


def test_an_old_text_is_found_without_case_and_marks_and_put_into_the_slot(
    commune: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_READY", 2)
    slot, browser = made(commune), commune.browser()
    old = commune.approved("Lịch tiêm chủng")
    for title in ("Họp thôn một", "Họp thôn hai"):
        commune.clock.move(minutes=1)
        commune.approved(title)
    page = browser.get(f"/slots/{slot}").text
    assert [title for _, title in offered(page)] == ["Họp thôn hai", "Họp thôn một"]
    assert "Đang hiện 2 bản tin mới nhất" in page
    for query in ("TIEM CHUNG", "Tiêm"):
        assert offered(browser.get(f"/slots/{slot}", query_string={"q": query}).text) == [(old, "Lịch tiêm chủng")]
    answer = send(browser, f"/slots/{slot}/items?q=tiem", {"announcement": old, "first_on": "2026-11-24"})
    assert answer.headers["Location"] == f"/slots/{slot}"
    assert "Lịch tiêm chủng" in browser.get(f"/slots/{slot}").text


def test_a_search_that_finds_nothing_says_so_and_stays_open(commune: Commune) -> None:
    slot = made(commune)
    commune.approved("Họp thôn")
    page = commune.browser().get(f"/slots/{slot}", query_string={"q": "bao lut"}).text
    assert "Không có bản tin đã duyệt nào như vậy." in page
    assert 'value="bao lut"' in page


def test_a_refused_choice_keeps_the_search_and_the_choice(commune: Commune) -> None:
    slot, found = made(commune), commune.approved("Lịch tiêm chủng")
    wrong = {"announcement": found, "first_on": "ngày mai"}
    page = send(commune.browser(), f"/slots/{slot}/items?q=tiem", wrong)
    assert page.status_code == 422
    assert f'<option value="{found}" selected>' in page.text
    assert 'name="q" value="tiem"' in page.text
