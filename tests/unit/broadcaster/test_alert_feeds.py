"""Feeds of warnings, served by a double on this machine that also misbehaves."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from broadcaster import alert_feeds
from broadcaster.alert_feeds import AlertFeeds
from broadcaster.station.alerts import sources
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import AlertSource, ReceivedAlert
from broadcaster.station.vocabulary.states import AlertOutcome
from tests.rig.alerts.warnings import Signer, document
from tests.rig.commune import Commune

pytestmark = pytest.mark.integration
SERVICE = Signer()
AT = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Cảnh báo</title>
<entry><title>Lũ quét</title><link rel="alternate" href="/trang"/>
<link type="application/cap+xml" href="/1.xml"/></entry></feed>""".encode()
RSS = b"""<rss version="2.0"><channel><item><title>x</title><link>1.xml</link></item></channel></rss>"""
Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Service:
    """What the weather service answers by path; ``asked`` is what it was asked for, with the headers."""

    url: str = ""
    pages: dict[str, bytes | Answering] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def service() -> Iterator[Service]:
    served = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, self.headers.get("If-None-Match", "")))
            page = served.pages.get(self.path)
            if callable(page):
                page(self)
            elif page is None:
                self.send_error(404)
            elif self.headers.get("If-None-Match") == '"1"':
                self.send_response(304)
                self.end_headers()
            else:
                self.send_response(200)
                self.send_header("ETag", '"1"')
                self.end_headers()
                self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}"
    served.pages["/1.xml"] = SERVICE.sign(document())
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def source(database: Database, commune: Commune, service: Service) -> AlertSource:
    with database.session() as s:
        url = f"{service.url}/feed"
        return sources.add(s, name="Đài", certificate=SERVICE.pem, url=url, by=commune.administrator, now_at=AT)[0]


def ask(database: Database, source: AlertSource, feeds: AlertFeeds | None = None) -> AlertSource:
    asking = feeds or AlertFeeds(database, lambda: AT)
    with database.reading() as s:
        current = sources.get(s, source.id)
    asking.ask(current)
    with database.reading() as s:
        return sources.get(s, source.id)


def outcomes(database: Database) -> list[AlertOutcome]:
    with database.reading() as s:
        return [each.outcome for each in s.query(ReceivedAlert).all()]


@pytest.mark.parametrize("feed", [ATOM, RSS])
def test_a_signed_message_of_a_feed_is_prepared(
    database: Database, service: Service, source: AlertSource, feed: bytes
) -> None:
    service.pages["/feed"] = feed
    assert ask(database, source).trouble is None
    assert outcomes(database) == [AlertOutcome.PREPARED]
    assert [path for path, _ in service.asked] == ["/feed", "/1.xml"]


def test_an_unchanged_feed_is_only_asked_whether_it_changed(
    database: Database, service: Service, source: AlertSource
) -> None:
    service.pages["/feed"] = ATOM
    ask(database, source)
    ask(database, source)
    assert service.asked[-1] == ("/feed", '"1"')
    assert outcomes(database) == [AlertOutcome.PREPARED]


def test_a_message_inside_the_feed_or_alone_is_taken_too(
    database: Database, service: Service, source: AlertSource
) -> None:
    service.pages["/feed"] = SERVICE.sign(document())
    ask(database, source)
    assert outcomes(database) == [AlertOutcome.PREPARED]


def test_a_signed_message_carried_within_an_entry_keeps_its_signature(
    database: Database, service: Service, source: AlertSource
) -> None:
    message = SERVICE.sign(document()).partition(b"?>")[2]
    entry = b"<entry><content type='text/xml'>" + message + b"</content></entry></feed>"
    service.pages["/feed"] = ATOM.partition(b"<entry>")[0] + entry
    ask(database, source)
    assert outcomes(database) == [AlertOutcome.PREPARED]


def redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/feed")
    handler.end_headers()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        try:
            handler.wfile.write(b" " * 65_536)
        except OSError:
            return


def hangs(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    time.sleep(1.5)  # longer than the reader waits


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b"<html><body>Xin chao</body></html>", "alert.feed_malformed"),
        (b"not xml", "alert.feed_malformed"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><feed>&x;</feed>", "alert.feed_malformed"),
        (None, "alert.feed_refuses"),
        (redirect, "alert.feed_refuses"),
        (endless, "alert.feed_too_large"),
        (hangs, "alert.feed_silent"),
    ],
)
def test_what_misbehaves_is_written_down_and_takes_nothing_with_it(
    database: Database,
    service: Service,
    source: AlertSource,
    page: bytes | Answering | None,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alert_feeds, "READ_SECONDS", 0.3)
    if page is not None:
        service.pages["/feed"] = page
    trouble = ask(database, source).trouble
    assert trouble
    assert trouble.code == code
    assert outcomes(database) == []


def test_links_to_other_hosts_are_not_followed(database: Database, service: Service, source: AlertSource) -> None:
    service.pages["/feed"] = RSS.replace(b"1.xml", b"http://127.0.0.2:1/1.xml")
    ask(database, source)
    assert outcomes(database) == []


def test_a_message_that_does_not_come_is_asked_for_again(
    database: Database, service: Service, source: AlertSource
) -> None:
    service.pages["/feed"] = ATOM
    message = service.pages.pop("/1.xml")
    assert ask(database, source).trouble
    service.pages["/1.xml"] = message
    assert ask(database, source).trouble is None
    assert outcomes(database) == [AlertOutcome.PREPARED]


def test_the_thread_asks_by_itself_and_a_hanging_feed_keeps_nobody_waiting(
    database: Database, commune: Commune, service: Service, source: AlertSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_feeds, "CARRY_ON_SECONDS", 0.05)
    monkeypatch.setattr(alert_feeds, "READ_SECONDS", 1.0)
    service.pages |= {"/feed": ATOM, "/hangs": hangs}
    with database.session() as s:
        url = f"{service.url}/hangs"
        sources.add(s, name="Chậm", certificate=SERVICE.pem, url=url, by=commune.administrator, now_at=AT)
    stop = threading.Event()
    thread = threading.Thread(target=AlertFeeds(database, lambda: AT).run, args=(stop,))
    thread.start()
    until = time.monotonic() + 20
    while not outcomes(database) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    thread.join(20)
    assert outcomes(database) == [AlertOutcome.PREPARED]
