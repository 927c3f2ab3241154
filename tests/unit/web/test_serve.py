"""The console on a port: it answers, it says when the port is taken, it stops when told."""

import threading
import urllib.request
from collections.abc import Iterator

import pytest

from broadcaster.errors import Unavailable
from tests.unit.web.commune import Commune
from web.serve import listen, serve, serve_on

pytestmark = pytest.mark.integration


@pytest.fixture
def address(commune: Commune) -> Iterator[str]:
    listening, stop = listen("127.0.0.1", 0), threading.Event()
    thread = threading.Thread(target=serve_on, args=(commune.app, listening, stop))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_it_answers_and_does_not_say_what_it_runs_on(address: str) -> None:
    with urllib.request.urlopen(address + "/login") as answer:
        assert answer.status == 200
        assert "waitress" not in str(answer.headers)


def test_an_open_stream_does_not_keep_it_from_stopping(commune: Commune, address: str) -> None:
    browser = commune.browser()
    browser.get("/")
    cookie = browser.get_cookie("loa_session")
    assert cookie
    request = urllib.request.Request(address + "/live?topics=nodes", headers={"Cookie": f"loa_session={cookie.value}"})
    stream = urllib.request.urlopen(request)
    assert b"retry" in stream.readline()
    stream.close()


def test_a_port_that_is_taken_is_said_in_one_sentence(commune: Commune) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"console\.port_taken .*port={port}"):
            serve(commune.app, "127.0.0.1", port, threading.Event())
