"""Vietnamese by itself, English on request."""

import pytest

from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def test_the_console_speaks_vietnamese_whatever_the_browser_prefers(commune: Commune) -> None:
    page = commune.app.test_client().get("/login", headers={"Accept-Language": "en"}).text
    assert '<html lang="vi">' in page
    assert "Mật khẩu" in page


def test_english_is_one_button_away_and_stays_through_signing_in_and_out(commune: Commune) -> None:
    browser = commune.browser()
    assert send(browser, "/language", {"language": "en", "next": "/nodes"}).headers["Location"] == "/nodes"
    page = browser.get("/nodes").text
    assert '<html lang="en"' in page
    assert "never connected" in page
    send(browser, "/logout")
    assert "Password" in browser.get("/login").text
    send(browser, "/language", {"language": "vi"})
    assert "Mật khẩu" in browser.get("/login").text


def test_a_language_nobody_knows_changes_nothing(commune: Commune) -> None:
    browser = commune.browser()
    send(browser, "/language", {"language": "tlh"})
    assert '<html lang="vi"' in browser.get("/").text
