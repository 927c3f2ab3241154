"""Boards: the page and the feed for LED controllers, the same for everybody, without a cookie."""

import json
import re
from pathlib import Path

import pytest

from tests.unit.web.commune import Commune, send
from tests.unit.web.residents.test_pages import anybody, ordered
from web.boards.pages import letter_size

pytestmark = pytest.mark.integration
SCRIPT = Path(__file__).parents[4] / "web" / "boards" / "static" / "board.js"
DOCUMENT = Path(__file__).parents[4] / "docs" / "boards.md"


def test_a_board_says_what_sounds_and_a_program_is_told_only_of_changes(commune: Commune) -> None:
    broadcast = ordered(commune)
    commune.clock.move(seconds=3)
    page = anybody(commune).get("/bang/lung-pang")
    assert 'data-state="speaking"' in page.text
    assert ">Họp thôn</h1>" in page.text
    assert "Set-Cookie" not in page.headers
    answer = anybody(commune).get("/bang/lung-pang.json")
    said = json.loads(answer.data)
    assert (said["version"], said["state"], said["unit"]) == (1, "speaking", {"id": "lung-pang", "name": "Lủng Pảng"})
    assert [(each["id"], each["kind"], each["text"]) for each in said["now"]] == [(broadcast, "routine", "Họp thôn")]
    tag = answer.headers["ETag"]
    same = anybody(commune).get("/bang/lung-pang.json", headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    commune.clock.move(minutes=10)
    later = anybody(commune).get("/bang/lung-pang.json", headers={"If-None-Match": tag})
    assert (later.status_code, json.loads(later.data)["state"]) == (200, "idle")


def test_every_field_of_the_feed_is_documented(commune: Commune) -> None:
    ordered(commune)
    commune.clock.move(seconds=3)
    said = json.loads(anybody(commune).get("/bang/con-minh.json").data)
    names = {*said, *said["now"][0], *said["unit"]}
    text = DOCUMENT.read_text("utf-8")
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_an_unknown_or_closed_board_says_so(commune: Commune) -> None:
    assert anybody(commune).get("/bang/nobodys").status_code == 404
    assert anybody(commune).get("/bang/con-minh.json").status_code == 200
    send(commune.browser("quantri"), "/public-page", {"on": "0"})
    commune.clock.move(seconds=1)
    assert anybody(commune).get("/bang/con-minh.json").status_code == 404


def test_boards_are_given_from_memory_within_half_a_second(commune: Commune) -> None:
    first = anybody(commune).get("/bang/lung-vai.json").data
    ordered(commune)
    assert anybody(commune).get("/bang/lung-vai.json").data == first
    commune.clock.move(seconds=0.6)
    assert anybody(commune).get("/bang/lung-vai.json").data != first


def test_hostile_words_stay_words(commune: Commune) -> None:
    commune.write("x")
    made = commune.approved("<img src=x onerror=alert(1)>")
    ordered(commune, made=made)
    commune.clock.move(seconds=3)
    page = anybody(commune).get("/bang/lung-pang").text
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert "innerHTML" not in SCRIPT.read_text("utf-8")


def test_the_page_and_its_script_size_letters_alike() -> None:
    most = [int(number) for number in re.findall(r"text\.length <= (\d+)", SCRIPT.read_text("utf-8"))]
    assert [letter_size("a" * number) for number in most] == ["xl", "l", "m"]
    assert letter_size("a" * (most[-1] + 1)) == "s"


def test_the_officer_writes_the_words_of_the_board_on_the_form(commune: Commune) -> None:
    officer = commune.browser("canbo")
    fields = {"title": "Họp", "text": "Mời họp.", "zones": "lung-pang", "class": "routine", "board_text": "HỌP 19H30"}
    made = send(officer, "/announcements", fields, page="/announcements/new")
    assert made.status_code == 302
    assert "HỌP 19H30" in officer.get(made.headers["Location"]).text
    assert 'value="HỌP 19H30"' in officer.get(made.headers["Location"] + "/edit").text
    api = commune.token("canbo")
    stated = officer.get("/api/v1" + made.headers["Location"].removeprefix("http://localhost"), headers=api).json
    assert stated["board_text"] == "HỌP 19H30"
