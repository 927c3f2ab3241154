"""Feeds of warnings (Atom, RSS, or a CAP document by itself), asked every minute; and what waits is carried on."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

import requests
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from lxml import etree

from broadcaster.cap import reading
from broadcaster.cap.structure import NAMESPACE, split, text_of
from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.station.alerts import intake, proposals, sources
from broadcaster.station.broadcasts.freezing import STANDARD, Timing
from broadcaster.station.crossings import keeping
from broadcaster.station.database.engine import Database
from broadcaster.station.database.unwritten import Unwritten
from broadcaster.station.schema import AlertSource

ASK_SECONDS = 60.0
CARRY_ON_SECONDS, AT_MOST_SECONDS = 1.0, 5.0
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5.0, 10.0, 25.0
MOST_FEED_BYTES = 4_000_000
MOST_NEW = 40
"""Messages that are fetched of one feed in one turn; the rest is fetched in the next."""
MOST_KNOWN = 5_000
ASKED_AT_ONCE = 8

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """status: of HTTP; body: empty where nothing is new."""

    status: int
    body: bytes
    etag: str = ""
    modified: str = ""


class AlertFeeds:
    """A thread of the station. Several stations may run it: the same message is taken in once."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, timing: Timing = STANDARD) -> None:
        self._database = database
        self._clock = clock
        self._timing = timing
        self._unwritten = Unwritten(database, at_most_seconds=AT_MOST_SECONDS)
        self._open: list[AlertSource] = []
        self._known: dict[str, dict[str, None]] = {}
        self._asked_at: dict[str, float] = {}

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop. A feed that hangs keeps no other one waiting."""
        with ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="alert-feed") as threads:
            while not stop.wait(CARRY_ON_SECONDS):
                try:
                    if not self._unwritten.still():
                        self._carry_on()
                        self._open = self._asked_sources()
                    for source in self._due():
                        threads.submit(self._safely, source)
                except Unavailable as error:
                    self._unwritten.forget()
                    log.warning("warnings wait: %s", error)

    def ask(self, source: AlertSource) -> None:
        """Ask one feed and take in what is new; what hinders it is written down at the source."""
        try:
            trouble = self._take_in(source)
        except _Trouble as error:
            trouble = error.reason
        with self._database.session() as s:
            current = sources.get(s, source.id)
            current.asked_at, current.trouble = self._clock(), trouble

    def _carry_on(self) -> None:
        now_at = self._clock()
        with self._database.reading() as s:
            waits, gauges_wait = bool(proposals.waiting(s)), keeping.is_due(s, now_at=now_at)
        if waits:
            with self._database.session() as s:
                proposals.carry_on(s, now_at=now_at, timing=self._timing)
        if gauges_wait:
            with self._database.session() as s:
                keeping.carry_on(s, now_at=now_at)

    def _asked_sources(self) -> list[AlertSource]:
        with self._database.reading() as s:
            return [each for each in sources.listing(s) if each.url]

    def _due(self) -> Iterator[AlertSource]:
        now = time.monotonic()
        for source in self._open:
            if now - self._asked_at.get(source.id, float("-inf")) >= ASK_SECONDS:
                self._asked_at[source.id] = now
                yield source

    def _safely(self, source: AlertSource) -> None:
        try:
            self.ask(source)
        except LoaError as error:
            log.warning("the feed %s waits: %s", source.name, error)
        except Exception:  # outermost of one turn: whatever a stranger answers, the next turn comes
            log.exception("the feed %s could not be worked in", source.name)

    def _take_in(self, source: AlertSource) -> Reason | None:
        answer = fetch(source.url, etag=source.etag, modified=source.modified, most_bytes=MOST_FEED_BYTES)
        if answer.status == 304:
            return None
        trouble, fetched, known = None, 0, self._known.setdefault(source.id, {})
        for document, link in entries(answer.body, source.url):
            if link and link in known:
                continue
            if fetched >= MOST_NEW:
                return Reason("alert.feed_goes_on")
            fetched += 1
            try:
                body = document or fetch(link, most_bytes=reading.MOST_BYTES).body
            except _Trouble as error:
                trouble = error.reason
                continue
            with self._database.session() as s:
                intake.take(s, source=sources.get(s, source.id), document=body, now_at=self._clock())
            self._remember(known, link)
        if trouble is None:  # else the whole feed is asked for again
            with self._database.session() as s:
                current = sources.get(s, source.id)
                current.etag, current.modified = answer.etag, answer.modified
        return trouble

    @staticmethod
    def _remember(known: dict[str, None], link: str) -> None:
        if link:
            known[link] = None
        while len(known) > MOST_KNOWN:
            del known[next(iter(known))]


class _Trouble(Exception):
    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.reason = Reason(code, **facts)


def fetch(url: str, *, most_bytes: int, etag: str = "", modified: str = "") -> Answer:
    """One request: no redirects, limits of bytes and of seconds. Raises _Trouble."""
    asked = {"User-Agent": "loa-lang", "Accept-Encoding": "identity"}
    asked |= ({"If-None-Match": etag} if etag else {}) | ({"If-Modified-Since": modified} if modified else {})
    until, host = time.monotonic() + WHOLE_SECONDS, urlsplit(url).hostname or url
    try:
        with requests.get(
            url, headers=asked, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True, allow_redirects=False
        ) as answer:
            if answer.status_code not in (200, 304):
                raise _Trouble("alert.feed_refuses", host=host, status=answer.status_code)
            body = b""
            for part in answer.iter_content(16_384):
                body += part
                if len(body) > most_bytes:
                    raise _Trouble("alert.feed_too_large", host=host, most=most_bytes)
                if time.monotonic() > until:
                    raise _Trouble("alert.feed_silent", host=host)
            headers = answer.headers
            return Answer(
                answer.status_code, body, headers.get("ETag", "")[:200], headers.get("Last-Modified", "")[:80]
            )
    except requests.RequestException as error:
        raise _Trouble("alert.feed_silent", host=host) from error


def entries(body: bytes, url: str) -> Iterator[tuple[bytes, str]]:
    """Of each entry the message itself where the feed carries it, else where it is to be fetched: on the feed's host.

    Raises _Trouble for what is no feed.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise _Trouble("alert.feed_malformed") from error
    if split(root.tag) == (NAMESPACE, "alert"):
        yield body, ""
        return
    if split(root.tag)[1] not in ("feed", "rss", "RDF"):
        raise _Trouble("alert.feed_malformed")
    messages = _within(body)
    for entry in (each for each in root.iter() if split(each.tag)[1] in ("entry", "item")):
        if any(split(each.tag) == (NAMESPACE, "alert") for each in entry.iter()):
            yield next(messages), ""
            continue
        link = urljoin(url, _link(entry))
        if urlsplit(link).scheme in ("http", "https") and urlsplit(link).hostname == urlsplit(url).hostname:
            yield b"", link


def _within(body: bytes) -> Iterator[bytes]:
    """The messages within a feed, with the prefixes they were signed with."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    for each in etree.fromstring(body, parser).iter(f"{{{NAMESPACE}}}alert"):
        yield bytes(etree.tostring(each, with_tail=False))


def _link(entry: Element) -> str:
    """The address of the CAP document: by its kind, else the first one."""
    links = [each for each in entry.iter() if split(each.tag)[1] in ("link", "enclosure")]
    links.sort(key=lambda each: "cap" not in each.get("type", ""))
    for each in links:
        address = each.get("href") or each.get("url") or text_of(each)
        if address:
            return address
    return ""
