"""However many connect, an order to sound and one to be silent are answered, and health says what bites."""

import threading
import time
from contextlib import suppress

import pytest

from tests.attacks.console.many_requests import ConsoleAddress, asked, console, cookie, many_connections, streams
from tests.attacks.console.ready import hindrances, orders_are_answered, ready_text
from tests.unit.web.commune import Commune
from web.shell import live

pytestmark = pytest.mark.integration


@pytest.fixture(params=[False, True], ids=["clear", "encrypted"])
def encrypted(request: pytest.FixtureRequest) -> bool:
    """Whether the console speaks TLS."""
    return bool(request.param)


@pytest.fixture
def ready(commune: Commune) -> str:
    return ready_text(commune)


def answered(commune: Commune, at: ConsoleAddress, ready: str) -> None:
    orders_are_answered(commune, at, ready, (commune.token("canbo"), commune.token("chutich")))


@pytest.mark.limit(120)
def test_idle_and_slow_connections_keep_nobody_out(commune: Commune, ready: str, encrypted: bool) -> None:
    with console(commune, encrypted=encrypted) as at, many_connections(at.port, tls=encrypted):
        answered(commune, at, ready)
        assert "console_crowded" in hindrances(at)


@pytest.mark.limit(120)
def test_three_hundred_event_streams_keep_nobody_out(commune: Commune, ready: str, encrypted: bool) -> None:
    with console(commune, encrypted=encrypted) as at, streams(at, cookie(commune.browser("khach")), 300) as statuses:
        assert statuses.count(200) <= live.OF_BROWSER
        assert set(statuses) == {200, 204}
        answered(commune, at, ready)
        assert "console_crowded" in hindrances(at)


def test_a_browser_holds_two_streams_at_most_so_that_its_seventh_request_is_answered(
    commune: Commune, encrypted: bool
) -> None:
    headers = cookie(commune.browser())
    with console(commune, encrypted=encrypted) as at, streams(at, headers, 6) as statuses:
        assert statuses.count(200) <= live.OF_BROWSER
        assert asked(at, "GET", "/emergency", headers=headers)[0] == 200


def test_a_closed_page_gives_its_stream_back_soon(commune: Commune) -> None:
    headers = cookie(commune.browser())
    with console(commune) as at:
        with streams(at, headers, live.OF_BROWSER) as statuses:
            assert statuses[0] == 200
        until = time.monotonic() + 5
        while time.monotonic() < until:
            with streams(at, headers, 1) as again:
                if again == [200]:
                    return
            time.sleep(0.2)
        pytest.fail("the place of a closed stream was not given back")


def test_pages_that_hang_leave_threads_to_orders(commune: Commune, ready: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever holds up every thread for pages: here all of them wait for each other."""
    hanging, config, browser = threading.Event(), commune.app.extensions["loa"].config, cookie(commune.browser())
    view = commune.app.view_functions["home.show"]
    monkeypatch.setitem(commune.app.view_functions, "home.show", lambda: hanging.wait(60) and view())
    with console(commune) as at:

        def look() -> None:
            with suppress(OSError):
                asked(at, "GET", "/", headers=browser)

        waiting = [threading.Thread(target=look, daemon=True) for _ in range(2 * config.web.threads + 2)]
        for each in waiting:
            each.start()
        time.sleep(1)  # until each of them holds a thread
        try:
            answered(commune, at, ready)
            assert "console_crowded" in hindrances(at)
        finally:
            hanging.set()
            for each in waiting:
                each.join(30)
