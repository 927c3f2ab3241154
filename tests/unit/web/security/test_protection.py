"""What every response carries, and what never gets in."""

import pytest
from sqlalchemy.exc import OperationalError

from tests.unit.web.commune import Commune, send
from web.security.secret import load_or_create

pytestmark = pytest.mark.integration
PAGES = ("/login", "/khong-co-trang-nay", "/health", "/api/v1/nodes", "/static/shell/console.css", "/")


@pytest.mark.parametrize("page", PAGES)
def test_every_response_carries_the_security_headers(commune: Commune, page: str) -> None:
    headers = commune.app.test_client().get(page, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(commune: Commune) -> None:
    cookie = commune.app.test_client().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_are_not_kept_by_anybody_and_files_are_kept_for_a_year(commune: Commune) -> None:
    browser = commune.browser()
    assert browser.get("/").headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in browser.get("/static/shell/console.css", buffered=True).headers["Cache-Control"]


def test_pages_use_no_inline_script_or_style(commune: Commune) -> None:
    browser = commune.browser("chutich")
    made = commune.approved()
    for page in ("/", "/announcements/new", f"/announcements/{made}", "/timetable", "/nodes", "/log", "/slots/new"):
        text = browser.get(page).text
        assert "style=" not in text, page
        assert "onclick=" not in text, page
        assert "<script>" not in text, page


def test_a_surprise_is_a_calm_page_with_a_number_for_the_technician(
    commune: Commune, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def burst(*_args: object, **_more: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("broadcaster.station.nodes.nodes.board", burst)
    answer = commune.browser().get("/nodes")
    assert answer.status_code == 500
    assert "Có lỗi ngoài dự kiến" in answer.text
    assert "a secret of the house" not in answer.text
    incident = answer.text.split('class="secret">')[1].split("<")[0]
    assert incident in caplog.text


def test_a_database_that_does_not_answer_is_said_and_what_was_typed_is_kept(
    commune: Commune, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    browser = commune.browser()
    monkeypatch.setattr("broadcaster.station.announcements.announcements.create", full)
    answer = send(browser, "/announcements", {"title": "Tin", "text": "Bản tin đã gõ rất lâu.", "zones": ["lung-vai"]})
    assert answer.status_code == 503
    assert "đĩa đã đầy" in answer.text
    assert "Bản tin đã gõ rất lâu." in answer.text


def test_a_form_beyond_all_measure_is_refused_with_a_sentence(commune: Commune) -> None:
    answer = commune.browser().post("/announcements", data={"text": "a" * 2_100_000})
    assert answer.status_code == 413
    assert "quá lớn" in answer.text


def test_text_is_sent_compressed_to_whoever_can_read_it(commune: Commune) -> None:
    browser = commune.browser()
    packed = browser.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(browser.get("/").data) / 2
    css = browser.get("/static/shell/console.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert css.headers["Content-Encoding"] == "gzip"


def test_the_first_visit_fits_in_150_kilobytes(commune: Commune) -> None:
    browser = commune.browser()
    addresses = (
        "/announcements/new",
        "/static/shell/console.css",
        "/static/shell/console.js",
        "/static/drafts/compose.js",
        "/static/shell/horn.svg",
    )
    loaded = [browser.get(each, headers={"Accept-Encoding": "gzip"}, buffered=True) for each in addresses]
    assert sum(len(each.data) for each in loaded) < 150_000 / 4


def test_the_key_of_the_cookies_is_readable_by_its_owner_alone(commune: Commune) -> None:
    path = commune.clips_dir.parent / "web-secret"
    key = load_or_create(path.parent)
    assert len(key) == 64
    assert load_or_create(path.parent) == key
    assert path.stat().st_mode & 0o077 == 0
