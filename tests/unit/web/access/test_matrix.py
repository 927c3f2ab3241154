"""Every route and API path, called as every role in every relation, does what the matrix says of it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Template
from werkzeug.test import TestResponse

from broadcaster.station.vocabulary.states import Role
from tests.unit.web.access.furnished import HAMLET, OTHER, WHOLE, Things, body, furnish
from tests.unit.web.commune import Commune, reset, send
from web.access.guard import init_app, undeclared
from web.access.matrix import Relation, Route, routes
from web.security.access import ANYBODY, Kind, asks, over
from web.security.protection import limiter

pytestmark = pytest.mark.integration
PLACES = {
    "thon": {Relation.OWN_HAMLET: HAMLET, Relation.OTHER_HAMLET: OTHER, Relation.COMMUNE: WHOLE},
    "xa": {Relation.COMMUNE_PERSON: OTHER},
}
"""Where somebody holds the role, and before which unit's objects each relation puts them."""
NOTHING_THERE = {
    "account_tokens.revoke",
    "account_notices.confirm",  # channels and messages are their owner's alone
    "account_notices.code",
    "account_notices.test",
    "account_notices.remove",
    "account_notices.again",
    "notices.follow",
    "api.post_notice_channels_confirm",
    "api.post_notice_channels_code",
    "api.post_notice_channels_test",
    "api.delete_notice_channels_one",
    "api.post_notice_sendings_again",
    "spoken_words.release",  # no words wait
    "api.post_spoken_words_release",
    "papers.wait",  # a ticket is its owner's alone
    "residents.show",  # nothing was heard yet
    "residents.sound",
    "residents.sound_copy",
    "residents.levy_code",
    "residents.warning",  # no warning was given out
    "feedback.voice",  # nobody sent a voice
    "feedback.voice_copy",
    "api.get_feedback_voice_ogg",
    "resident_feedback.show",  # nobody knows the code
    "emergency_stories.all_clear",  # the book has no all-clear
    "api.post_emergency_orders_all_clear",
}
"""Routes that answer 404 to whoever may call them, as there is nothing of theirs."""


@dataclass
class Furnished:
    """folder: a data folder to start from; things: what is in it."""

    folder: Path
    things: Things


@pytest.fixture(scope="module")
def stocked(app: Flask, seeded: Path, memory: Path, quick_passwords: None) -> Iterator[Furnished]:
    commune = reset(app, seeded)
    things = furnish(commune)
    commune.database.dispose()
    folder = memory / "furnished"
    shutil.copytree(seeded, folder, dirs_exist_ok=False)
    shutil.rmtree(folder)
    shutil.copytree(commune.clips_dir.parent, folder)
    yield Furnished(folder, things)
    shutil.rmtree(folder)


@pytest.fixture
def _blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template refuses nobody, and what it shows other tests look at."""
    monkeypatch.setattr(Template, "render", lambda *_given, **_named: "")


@pytest.mark.long
@pytest.mark.usefixtures("_blank_pages")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
def test_every_route_does_what_the_matrix_says(app: Flask, stocked: Furnished, role: Role, place: str) -> None:
    visit = Visit(app, stocked, f"{role}-{place}")
    wrong = [
        f"{relation} {route.method} {route.path} ({route.endpoint}): {status}, the matrix says {allowed}"
        for route in routes(app)
        for relation, unit_id in PLACES[place].items()
        for status, got_in in [visit.answer(route, unit_id)]
        if (allowed := route.allows(role, relation)) is not got_in
    ]
    assert wrong == []


def test_the_matrix_has_no_relation_that_is_not_walked() -> None:
    assert {relation for place in PLACES.values() for relation in place} == set(Relation)


@pytest.mark.usefixtures("_blank_pages")
def test_without_a_login_only_what_is_open_to_all_answers(app: Flask, stocked: Furnished) -> None:
    visit = Visit(app, stocked, None)
    wrong = [
        f"{route.method} {route.path}: {status}"
        for route in routes(app)
        for status, got_in in [visit.answer(route, WHOLE)]
        if route.is_open is not got_in
    ]
    assert wrong == []


def test_a_route_without_a_rule_is_refused_before_the_console_runs() -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/new", endpoint="new", view_func=lambda: "")
    bare.add_url_rule("/open", endpoint="open", view_func=asks(ANYBODY)(lambda: ""))
    assert undeclared(bare) == ["new"]
    with pytest.raises(RuntimeError, match="new"):
        init_app(bare)


def test_an_object_rule_finds_units_for_every_kind(app: Flask) -> None:
    asked = {route.rule.kind for route in routes(app) if route.rule.kind}
    assert asked == set(Kind)
    assert over(Kind.NODE, "manage_nodes").permissions


class Visit:
    """One person going through all routes; after whatever may have changed something all is as it was.

    A request that names nothing of the unit is the same before every unit's objects: it is sent once.
    """

    def __init__(self, app: Flask, stocked: Furnished, username: str | None) -> None:
        self._app, self._stocked, self._username = app, stocked, username
        self._browser, self._header = self._arrive()
        self._answers: dict[str, tuple[int, bool]] = {}

    def answer(self, route: Route, unit_id: str) -> tuple[int, bool]:
        """The status, and whether the route let them in."""
        address, sent = self._request(route, unit_id)
        request = f"{route.method} {address} {sent}"
        if request not in self._answers:
            answer = self.call(route, unit_id)
            self._answers[request] = answer.status_code, _gets_in(answer, route)
        return self._answers[request]

    def call(self, route: Route, unit_id: str) -> TestResponse:
        limiter.reset()
        address, sent = self._request(route, unit_id)
        if route.is_api:
            client = self._app.test_client()
            answer = client.open(address, method=route.method, json=sent, headers=self._header)
        else:
            answer = self._browser.get(address) if sent is None else send(self._browser, address, sent)
        answer.close()
        if route.method != "GET" and answer.status_code < 400:
            self._browser, self._header = self._arrive()
        return answer

    def _request(self, route: Route, unit_id: str) -> tuple[str, dict[str, Any] | None]:
        """The address, and what is sent to it."""
        of = self._stocked.things.of[unit_id] | self._stocked.things.anywhere
        address = re.sub(r"\{(\w+)\}", lambda found: _fill(route, found.group(1), of), route.path)
        return address, body(route.endpoint, of) if route.method != "GET" else None

    def _arrive(self) -> tuple[FlaskClient, dict[str, str]]:
        commune: Commune = reset(self._app, self._stocked.folder)
        if self._username is None:
            return self._app.test_client(), {}
        return commune.browser(self._username), commune.token(self._username)


def _gets_in(answer: TestResponse, route: Route) -> bool:
    """Whatever else is wrong with the request, it was not refused for who asks."""
    if answer.status_code == 404:
        return route.endpoint in NOTHING_THERE
    to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login?next=")
    session_over = answer.status_code == 401 and not route.is_open
    return answer.status_code != 403 and not to_login and not session_over


def _fill(route: Route, name: str, of: dict[str, str]) -> str:
    if name == "announcement_id":
        return of[_announcement(route)]
    if name == "order_id":
        return of["stop_order" if "silence" in route.path or "stop-orders" in route.path else "order"]
    plain = name.removesuffix("_id")
    known = {"entry": "reading", "pattern": "pattern_id"}
    return of.get(known.get(plain, plain)) or of[name]


def _announcement(route: Route) -> str:
    """One in the state its route is for."""
    if "emergency/" in route.path or "phrases" in route.path:
        return "alarm"
    if re.search(r"/(approve|reject|return)$", route.path):
        return "pending"
    return "released" if re.search(r"/(broadcast|slot|withdraw)$", route.path) else "draft"
