"""Many who ask the console at once: strangers who hold connections, and streams of somebody with a login."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask.testing import FlaskClient

from tests.attacks.strangers.connections import many_connections
from tests.unit.web.commune import Commune
from web.serve import listen, serve_on


@contextmanager
def console(commune: Commune) -> Iterator[int]:
    """The real server in front of the commune's application; its port."""
    listening, stop = listen("127.0.0.1", 0), threading.Event()
    thread = threading.Thread(target=serve_on, args=(commune.app, listening, stop))
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        stop.set()
        thread.join(20)


def cookie(browser: FlaskClient) -> dict[str, str]:
    """What the browser sends to be known."""
    browser.get("/")
    found = browser.get_cookie("loa_session")
    assert found
    return {"Cookie": f"loa_session={found.value}"}


@contextmanager
def streams(port: int, headers: dict[str, str], count: int) -> Iterator[list[int]]:
    """So many event streams, each on a connection of its own; the answers' status codes."""
    with ExitStack() as held:
        statuses = []
        for _ in range(count):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            held.callback(connection.close)
            connection.request("GET", "/live?topics=all", headers=headers)
            answer = connection.getresponse()
            held.callback(answer.close)  # it holds the connection, whoever forgets it closes the stream
            statuses.append(answer.status)
        yield statuses


def asked(port: int, method: str, path: str, *, headers: dict[str, str], body: str | None = None) -> tuple[int, str]:
    """One request on a new connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


__all__ = ["asked", "console", "cookie", "many_connections", "streams"]
