"""The console over TLS: everything it says in clear text, and nothing to whoever speaks it."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from broadcaster.certificates import authority, server_certificate
from broadcaster.config import Config, WebSettings
from speaker_node.setup.pinned_tls import pinned_context
from tests.rig.lines.wiretap import Wiretap
from tests.unit.web.commune import Commune
from web.app import create_app
from web.serve import listen, serve_on

pytestmark = pytest.mark.integration
PATIENCE_SECONDS = 60.0
BIG = b"0123456789abcdef" * 100_000


def add_test_pages(app: Flask) -> None:
    """Beside everything of the console, and before its guards."""
    inner = app.wsgi_app

    def with_pages(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        if path == "/big":
            body = BIG
        elif path == "/echo":
            body = str(len(environ["wsgi.input"].read())).encode()
        else:
            return inner(environ, start_response)
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    app.wsgi_app = with_pages  # type: ignore[method-assign]


@pytest.fixture
def config(commune: Commune, tmp_path: Path) -> Config:
    web = WebSettings(host="0.0.0.0", port=0)
    return replace(commune.app.extensions["loa"].config, web=web, data_dir=tmp_path / "secure")


@pytest.fixture
def port(commune: Commune, config: Config) -> Iterator[int]:
    app = create_app(config, commune.app.extensions["loa"].database)
    add_test_pages(app)
    listening, stop = listen("127.0.0.1", 0), threading.Event()
    certificate = server_certificate.of_console(config, lambda: datetime.now(UTC))
    thread = threading.Thread(target=serve_on, args=(app, listening, stop), kwargs={"certificate": certificate})
    thread.start()
    yield int(listening.getsockname()[1])
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.fixture
def browser(config: Config, port: int) -> Iterator[http.client.HTTPSConnection]:
    connection = connect(config, port)
    yield connection
    connection.close()


def connect(config: Config, port: int) -> http.client.HTTPSConnection:
    context = pinned_context(authority.certificate_file(config).read_text())
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS, context=context)


def ask(browser: http.client.HTTPSConnection, path: str, body: bytes | None = None) -> bytes:
    browser.request("POST" if body else "GET", path, body=body)
    return browser.getresponse().read()


def test_cookies_stay_with_https_and_browsers_are_told_to(browser: http.client.HTTPSConnection) -> None:
    browser.request("GET", "/login")
    answer = browser.getresponse()
    assert (answer.status, b"<form" in answer.read()) == (200, True)
    assert "Secure" in (answer.getheader("Set-Cookie") or "")
    assert "max-age" in (answer.getheader("Strict-Transport-Security") or "")


def test_links_it_makes_begin_with_https(browser: http.client.HTTPSConnection) -> None:
    found = json.loads(ask(browser, "/api/v1/openapi.json"))
    assert "http://" not in json.dumps(found.get("servers", []))


def test_what_is_longer_than_a_record_goes_both_ways_over_one_connection(browser: http.client.HTTPSConnection) -> None:
    for _ in range(3):
        assert ask(browser, "/big") == BIG
        assert ask(browser, "/echo", BIG) == str(len(BIG)).encode()


def test_many_at_once_get_each_their_own_answer(config: Config, port: int) -> None:
    def visit(length: int) -> bytes:
        browser = connect(config, port)
        try:
            assert ask(browser, "/big") == BIG
            return ask(browser, "/echo", b"x" * length)
        finally:
            browser.close()

    with ThreadPoolExecutor(12) as pool:
        lengths = [1 + 7_001 * number for number in range(24)]
        assert list(pool.map(visit, lengths)) == [str(each).encode() for each in lengths]


def test_several_questions_in_one_record_are_all_answered(config: Config, port: int) -> None:
    context = pinned_context(authority.certificate_file(config).read_text())
    with (
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        question = b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\nabc"
        secured.sendall(question * 2)
        answered = b""
        while answered.count(b"HTTP/1.1 200") < 2:
            more = secured.recv(65_536)
            assert more, answered
            answered += more


def test_a_question_in_clear_text_gets_no_answer(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as plain:
        plain.sendall(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"HTTP" not in _all(plain)


def test_who_pins_another_authority_hangs_up(port: int, tmp_path: Path) -> None:
    stranger = authority.load_or_create(Config(data_dir=tmp_path / "stranger"), now_at=datetime.now(UTC))
    browser = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=pinned_context(stranger.pem))
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(browser, "/login")
    browser.close()


def test_nothing_of_it_is_heard_on_the_line(config: Config, port: int) -> None:
    with Wiretap(port) as tap:
        browser = connect(config, tap.port)
        page = ask(browser, "/login")
        browser.close()
        heard = tap.heard
    assert len(heard) > len(page) / 10
    for clear in (b"HTTP", b"GET", b"/login", b"Cookie", b"loa_session", b"<form", b"password"):
        assert clear not in heard


def _all(plain: socket.socket) -> bytes:
    found = b""
    try:
        while data := plain.recv(65_536):
            found += data
    except ConnectionError:
        pass
    return found
