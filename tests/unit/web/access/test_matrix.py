"""Every route and API path, called as every role in every relation, does what the matrix says of it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
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
    Relation.OWN_HAMLET: ("thon", HAMLET),
    Relation.OTHER_HAMLET: ("thon", OTHER),
    Relation.COMMUNE: ("thon", WHOLE),
    Relation.COMMUNE_PERSON: ("xa", OTHER),
}
NOTHING_THERE = {
    "account_tokens.revoke",
    "spoken_words.release",  # no words wait
    "api.post_spoken_words_release",
    "papers.wait",  # a ticket is its owner's alone
    "residents.show",  # nothing was heard yet
    "residents.sound",
    "residents.sound_copy",
    "residents.levy_code",
    "residents.warning",  # no warning was given out
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


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("role", Role)
def test_every_route_does_what_the_matrix_says(app: Flask, stocked: Furnished, role: Role, relation: Relation) -> None:
    place, unit_id = PLACES[relation]
    visit = Visit(app, stocked, f"{role}-{place}", unit_id)
    wrong = [
        f"{route.method} {route.path} ({route.endpoint}): {answer.status_code}, the matrix says {allowed}"
        for route in routes(app)
        if (allowed := route.allows(role, relation)) is not visit.gets_in(answer := visit.call(route), route)
    ]
    assert wrong == []


def test_without_a_login_only_what_is_open_to_all_answers(app: Flask, stocked: Furnished) -> None:
    visit = Visit(app, stocked, None, WHOLE)
    wrong = [
        f"{route.method} {route.path}: {answer.status_code}"
        for route in routes(app)
        if route.is_open is not visit.gets_in(answer := visit.call(route), route)
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
    """One person going through all routes; after whatever may have changed something all is as it was."""

    def __init__(self, app: Flask, stocked: Furnished, username: str | None, unit_id: str) -> None:
        self._app, self._stocked, self._username = app, stocked, username
        self._of = stocked.things.of[unit_id] | stocked.things.anywhere
        self._browser, self._header = self._arrive()

    def call(self, route: Route) -> TestResponse:
        limiter.reset()
        address = re.sub(r"\{(\w+)\}", lambda found: self._fill(route, found.group(1)), route.path)
        if route.is_api:
            answer = self._call_api(route, address)
        elif route.method == "GET":
            answer = self._browser.get(address)
        else:
            answer = send(self._browser, address, body(route.endpoint, self._of))
        answer.close()
        if route.method != "GET" and answer.status_code < 400:
            self._browser, self._header = self._arrive()
        return answer

    def gets_in(self, answer: TestResponse, route: Route) -> bool:
        """Whatever else is wrong with the request, it was not refused for who asks."""
        if answer.status_code == 404:
            return route.endpoint in NOTHING_THERE
        to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/login?next=")
        session_over = answer.status_code == 401 and not route.is_open
        return answer.status_code != 403 and not to_login and not session_over

    def _call_api(self, route: Route, address: str) -> TestResponse:
        sent = body(route.endpoint, self._of) if route.method != "GET" else None
        return self._app.test_client().open(address, method=route.method, json=sent, headers=self._header)

    def _fill(self, route: Route, name: str) -> str:
        of = self._of
        if name == "announcement_id":
            return of[_announcement(route)]
        if name == "order_id":
            return of["stop_order" if "silence" in route.path or "stop-orders" in route.path else "order"]
        plain = name.removesuffix("_id")
        known = {"entry": "reading", "pattern": "pattern_id"}
        return of.get(known.get(plain, plain)) or of[name]

    def _arrive(self) -> tuple[FlaskClient, dict[str, str]]:
        commune: Commune = reset(self._app, self._stocked.folder)
        if self._username is None:
            return self._app.test_client(), {}
        return commune.browser(self._username), commune.token(self._username)


def _announcement(route: Route) -> str:
    """One in the state its route is for."""
    if "emergency/" in route.path or "phrases" in route.path:
        return "alarm"
    if re.search(r"/(approve|reject|return)$", route.path):
        return "pending"
    return "released" if re.search(r"/(broadcast|slot|withdraw)$", route.path) else "draft"
