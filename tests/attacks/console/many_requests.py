"""Many who ask the console at once: strangers who hold connections, and streams of somebody with a login."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask.testing import FlaskClient

from broadcaster.certificates import authority, server_certificate
from speaker_node.setup.pinned_tls import pinned_context
from tests.attacks.strangers.connections import many_connections
from tests.unit.web.commune import Commune
from web.serve import listen, serve_on

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class ConsoleAddress:
    """port: where it listens on this machine; context: of who speaks TLS with it, None for clear text."""

    port: int
    context: ssl.SSLContext | None = None

    def connection(self) -> http.client.HTTPConnection:
        if self.context is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS, context=self.context)


@contextmanager
def console(commune: Commune, *, encrypted: bool = False) -> Iterator[ConsoleAddress]:
    """The real server in front of the commune's application; with ``encrypted`` it speaks TLS by the station's own
    authority, as it does beyond its own machine."""
    listening, stop = listen("127.0.0.1", 0), threading.Event()
    config, certificate, context = commune.app.extensions["loa"].config, None, None
    if encrypted:
        config = replace(config, web=replace(config.web, encryption="always"))
        certificate = server_certificate.of_console(config, lambda: datetime.now(UTC))
        context = pinned_context(authority.certificate_file(config).read_text())
    thread = threading.Thread(target=serve_on, args=(commune.app, listening, stop), kwargs={"certificate": certificate})
    thread.start()
    try:
        yield ConsoleAddress(listening.getsockname()[1], context)
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
def streams(at: ConsoleAddress, headers: dict[str, str], count: int) -> Iterator[list[int]]:
    """So many event streams, each on a connection of its own; the answers' status codes."""
    with ExitStack() as held:
        statuses = []
        for _ in range(count):
            connection = at.connection()
            held.callback(connection.close)
            connection.request("GET", "/live?topics=all", headers=headers)
            answer = connection.getresponse()
            held.callback(answer.close)  # it holds the connection, whoever forgets it closes the stream
            statuses.append(answer.status)
        yield statuses


def asked(
    at: ConsoleAddress, method: str, path: str, *, headers: dict[str, str], body: str | None = None
) -> tuple[int, str]:
    """One request on a new connection."""
    connection = at.connection()
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


__all__ = ["ConsoleAddress", "asked", "console", "cookie", "many_connections", "streams"]
