"""Refusals reach people and programs in their own language: each address is asked for what it must refuse."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

import web.translations
from broadcaster.refusals.sentences import table
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration

PEOPLE = ("canbo", "quantri", "khach")
STRANGE = ("", "ư" * 300)
"""What forms are filled in with: nothing, and words far too long to be an id, a day or a name."""
FIELDS = ("title", "text", "zones", "class", "name", "rate_percent", "repeats", "start_at", "username", "roles", "kind")
LONG_ENOUGH = 16
NOT_ASKED = {"static", "people.logout", "live.stream", "account.sign_out_everywhere", "languages.choose"}
"""What would end the walk, or never ends itself."""


@cache
def ours() -> tuple[str, ...]:
    """Every Vietnamese sentence of ours, in the pieces that stand between its facts."""
    po = Path(web.translations.__file__).parent / "en" / "LC_MESSAGES" / "messages.po"
    with po.open("rb") as file:
        messages = [str(message.id) for message in read_po(file) if isinstance(message.id, str)]
    pieces = [piece for text in table("vi").values() for piece in re.split(r"\{[^}]*\}", text)]
    pieces += [piece for text in messages for piece in re.split(r"%\(\w+\)[sd]|%%", text)]
    marked = re.compile(r"[^\x00-\x7f–—…“”’·→×±°]")
    return tuple({piece.strip() for piece in pieces if len(piece.strip()) >= LONG_ENOUGH and marked.search(piece)})


def vietnamese_in(text: str) -> list[str]:
    plain = unescape(re.sub(r"<[^>]+>", " ", text))
    return [sentence for sentence in ours() if sentence in plain]


@pytest.fixture(params=PEOPLE)
def english(request: pytest.FixtureRequest, commune: Commune) -> FlaskClient:
    browser = commune.browser(request.param)
    browser.set_cookie("language", "en")
    return browser


def refused(browser: FlaskClient) -> Iterator[tuple[str, TestResponse]]:
    """What every address answers to strange ids and to forms that are empty or full of nonsense."""
    for rule in browser.application.url_map.iter_rules():
        if (
            rule.endpoint in NOT_ASKED
            or rule.endpoint.startswith(("api.", "residents.", "resident_feedback.", "boards."))
            or "static" in rule.endpoint
        ):
            continue
        if "GET" in (rule.methods or ()) and rule.arguments:
            yield f"GET {rule}", browser.get(_address(rule))
        if "POST" in (rule.methods or ()):
            for strange in STRANGE:
                yield f"POST {rule}", send(browser, _address(rule), dict.fromkeys(FIELDS, strange))


def _address(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", "khong-co", str(rule))


def test_no_english_page_of_a_refusal_holds_a_vietnamese_sentence_of_ours(english: FlaskClient) -> None:
    wrong, seen = {}, 0
    for asked, answer in refused(english):
        if answer.status_code >= 400 and answer.mimetype == "text/html":
            seen += 1
            if found := vietnamese_in(answer.text):
                wrong[asked] = found
        answer.close()
    assert wrong == {}
    assert seen > 50


def test_every_refusal_of_the_api_carries_code_field_and_message(commune: Commune) -> None:
    client, header = commune.app.test_client(), commune.token("khach") | {"Accept-Language": "en"}
    wrong, codes = {}, set()
    for rule in commune.app.url_map.iter_rules():
        if not rule.endpoint.startswith("api.") or rule.endpoint.endswith("events"):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(_address(rule), method=method, headers=header, json={})
            if answer.status_code < 400:
                continue
            stated = answer.get_json()
            codes.add(stated.get("code"))
            if not {"code", "field", "message"} <= stated.keys() or vietnamese_in(stated["message"]):
                wrong[f"{method} {rule}"] = stated
    assert wrong == {}
    assert codes <= table("en").keys()
    assert len(codes) > 5


@pytest.mark.parametrize(
    ("language", "says"), [("en-GB,en;q=0.9", "There is no such announcement"), ("vi", "Không có"), ("fr", "Không")]
)
def test_a_program_says_in_which_language_it_reads(commune: Commune, language: str, says: str) -> None:
    header = commune.token() | {"Accept-Language": language}
    stated = commune.app.test_client().get("/api/v1/announcements/khong-co", headers=header).get_json()
    assert says in stated["message"]
    assert stated["code"] == "announcement.not_found"


def test_a_caller_without_a_token_is_told_so_by_code(commune: Commune) -> None:
    answer = commune.app.test_client().get("/api/v1/announcements")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token.missing")


def test_the_document_of_the_api_promises_code_field_and_message(commune: Commune) -> None:
    document = msgspec.json.decode(commune.app.test_client().get("/api/v1/openapi.json").data)
    failure = document["components"]["schemas"]["Failure"]
    assert set(failure["required"]) == {"code", "field", "message"}


def test_a_page_nobody_made_is_refused_in_english(english: FlaskClient) -> None:
    page = english.get("/khong-co-trang-nay")
    assert page.status_code == 404
    assert "There is no page at this address" in page.text
