"""Styles and scripts: few files, small ones, the same words as in the rooms they come from."""

import re

import pytest
from flask.testing import FlaskClient

from tests.unit.web.commune import Commune
from web.shell import static_files

pytestmark = pytest.mark.integration
HEADERS_BYTES = 700
"""Of one answer, as Chromium counts them."""
BITS_PER_SECOND, ROUND_TRIP_SECONDS = 80_000, 0.4
"""A telephone's 2G line. What a page names is asked for together, once the page is there."""


def cold_seconds(browser: FlaskClient, path: str) -> float:
    """Until the page and all that its head names have come through that line, with nothing remembered."""
    packed = {"Accept-Encoding": "gzip"}
    page = browser.get(path, headers=packed).data
    head = browser.get(path).text.partition("<body")[0]
    named = re.findall(r'<(?:link rel="stylesheet" href|script defer src)="([^"]+)"', head)
    assert len(named) <= 5
    sizes = [len(page), *(len(browser.get(each, headers=packed, buffered=True).data) for each in named)]
    return (sum(sizes) + len(sizes) * HEADERS_BYTES) * 8 / BITS_PER_SECOND + 2 * ROUND_TRIP_SECONDS


def test_the_form_is_there_after_three_seconds_of_a_2g_line(commune: Commune) -> None:
    assert cold_seconds(commune.browser(), "/announcements/new") <= 3


def test_an_announcement_is_there_after_four_seconds_of_a_2g_line(commune: Commune) -> None:
    made = commune.write()
    commune.make_clips()
    assert cold_seconds(commune.browser(), f"/announcements/{made}") <= 4


def test_no_page_loads_sound_before_it_is_there(commune: Commune) -> None:
    made = commune.write()
    commune.make_clips()
    page = commune.browser().get(f"/announcements/{made}").text
    assert '<audio controls preload="none" data-preload="metadata"' in page


@pytest.mark.parametrize("name", static_files.JOINED)
def test_a_joined_file_is_kept_for_a_year_and_asked_for_anew_when_it_changes(commune: Commune, name: str) -> None:
    browser = commune.browser()
    with commune.app.test_request_context():
        address = static_files.joined_url(name)
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.mimetype == ("text/css" if name.endswith(".css") else "text/javascript")
    assert browser.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_joining_leaves_out_comments_and_nothing_else() -> None:
    for name, parts in static_files.JOINED.items():
        whole = "".join((static_files.WEB / part.replace("/", "/static/")).read_text() for part in parts)
        whole = re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL)
        without = re.sub(r"^\s*//.*$", "", whole, flags=re.MULTILINE)
        assert re.sub(r"\s", "", static_files.joined(name)) == re.sub(r"\s", "", without)


def test_no_script_that_is_joined_has_a_text_of_several_lines() -> None:
    """Their indentation would be left out."""
    for name, parts in static_files.JOINED.items():
        for part in parts if name.endswith(".js") else ():
            lines = (static_files.WEB / part.replace("/", "/static/")).read_text().splitlines()
            assert [line for line in lines if line.count("`") % 2] == []
            assert [line for line in lines if "/*" in line] == []


def test_what_is_not_joined_is_not_found(commune: Commune) -> None:
    assert commune.browser().get("/static/joined/other.css").status_code == 404
