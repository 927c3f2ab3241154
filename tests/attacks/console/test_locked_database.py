"""Somebody else holds the database locked: whoever signs in, orders or silences is answered all the same."""

import time
from urllib.parse import urlencode

import pytest

from broadcaster.station.audit import entries as audit
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Broadcast, EmergencyOrder
from tests.attacks.console.many_requests import ConsoleAddress, asked, console, cookie
from tests.attacks.console.ready import ANSWERED_SECONDS, hindrances, orders_are_answered, ready_text, timed
from tests.attacks.station.locking import locked
from tests.rig.running.busy import stretched
from tests.unit.web.commune import PASSWORD, Commune, csrf

pytestmark = pytest.mark.integration


def path_of(commune: Commune) -> str:
    return str(commune.database.url.database)


@pytest.mark.limit(120)
@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_programs_order_and_silence(commune: Commune, how: str) -> None:
    ready, tokens = ready_text(commune), (commune.token("canbo"), commune.token("chutich"))
    with console(commune) as at:
        with locked(path_of(commune), how):
            broadcast = orders_are_answered(commune, at, ready, tokens)
            stop = timed(at, "/api/v1/stop-orders", {"reason": "thử"}, tokens[0])
            status, shown = asked(at, "GET", f"/api/v1/stop-orders/{stop['id']}", headers=tokens[1])
            assert (status, "thử" in shown) == (200, True)
            assert "database_refuses" in hindrances(at)
        commune.write("Sau đó")
    assert not commune.database.is_spared
    with commune.database.reading() as s:
        assert s.get_one(Broadcast, broadcast).deliveries
        found = stop_all.in_force(s)
        assert found
        assert found.id == stop["id"]
        assert audit.verify(s) == []


@pytest.mark.limit(120)
def test_two_people_at_the_console_sound_an_alarm(commune: Commune) -> None:
    ready = ready_text(commune)
    two = commune.app.test_client().put(
        "/api/v1/emergency-rules", json={"mode": "two_people", "confirm_minutes": 5}, headers=commune.token("quantri")
    )
    assert two.status_code == 200
    browsers = [commune.browser("canbo"), commune.browser("chutich")]
    headers = [cookie(each) for each in browsers]
    form = {"meant": "real", "content_hash": commune.seal(ready)}
    with console(commune) as at, locked(path_of(commune)):
        press(at, f"/emergency/order/{ready}", form, headers[0], page=f"/emergency/order/{ready}")
        page = asked(at, "GET", "/emergency", headers=headers[1])[1]
        order_id = page.split("/emergency/orders/", 1)[1].split("/", 1)[0]
        press(at, f"/emergency/orders/{order_id}/confirm", form, headers[1], page="/emergency")
        press(at, "/emergency/silence", {"reason": "thử"}, headers[0], page="/emergency")
        assert "thử" in asked(at, "GET", "/emergency", headers=headers[1])[1]
    commune.write("Sau đó")
    with commune.database.reading() as s:
        assert s.get_one(EmergencyOrder, order_id).broadcast_id
        assert stop_all.in_force(s)


@pytest.mark.limit(120)
def test_who_is_not_signed_in_yet_gets_in(commune: Commune) -> None:
    with console(commune) as at, locked(path_of(commune)):
        browser = commune.app.test_client()
        began = time.monotonic()
        form = {"username": "canbo", "password": PASSWORD, "csrf_token": csrf(browser.get("/login").text)}
        assert browser.post("/login", data=form).status_code == 302
        assert time.monotonic() - began < stretched(ANSWERED_SECONDS)
        assert browser.get("/emergency").status_code == 200
        assert asked(at, "GET", "/emergency", headers=cookie(browser))[0] == 200


def press(at: ConsoleAddress, path: str, form: dict[str, str], headers: dict[str, str], *, page: str) -> None:
    """Send the form as the page offers it."""
    began = time.monotonic()
    token = csrf(asked(at, "GET", page, headers=headers)[1])
    sent = headers | {"Content-Type": "application/x-www-form-urlencoded"}
    status, answer = asked(at, "POST", path, headers=sent, body=urlencode({**form, "csrf_token": token}))
    assert status == 302, answer[-2000:]
    assert time.monotonic() - began < stretched(2 * ANSWERED_SECONDS)
