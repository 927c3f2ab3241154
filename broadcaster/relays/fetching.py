"""One request over HTTP, to an address that was checked when it was connected to, within limits of time and bytes."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from broadcaster.relays import addresses
from broadcaster.relays.troubles import StreamTrouble

CONNECT_SECONDS, SILENT_SECONDS = 5.0, 8.0
MOST_REDIRECTS = 5
_ASKED = {"User-Agent": "loa-lang", "Accept-Encoding": "identity", "Connection": "close"}
_REDIRECTS = (301, 302, 303, 307, 308)

Resolve = Callable[[str, int], Sequence[str]]
"""From a host and a port to IP addresses."""


def resolved(host: str, port: int) -> Sequence[str]:
    """As this machine knows them. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(slots=True)
class FetchLimits:
    """until: instant of the monotonic clock after which nothing is read; most_bytes: still allowed to come."""

    until: float
    most_bytes: int
    clock: Callable[[], float] = time.monotonic

    def take(self, count: int) -> None:
        """So many bytes came. Raises StreamTrouble past a limit."""
        self.most_bytes -= count
        if self.most_bytes < 0:
            raise StreamTrouble("relay.too_many_bytes")
        if self.clock() > self.until:
            raise StreamTrouble("relay.out_of_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchReach:
    """What may be reached: private networks and hosts as in ``RelaySettings``; limits of all requests together."""

    limits: FetchLimits
    private_networks: Sequence[str] = ()
    hosts: Sequence[str] = ()
    resolve: Resolve = field(default=resolved)


@dataclass(frozen=True, slots=True)
class Opened:
    """url: where it was found in the end; kind: its content type, without parameters; response: unread."""

    url: str
    kind: str
    response: http.client.HTTPResponse
    limits: FetchLimits

    def read(self, size: int = 16_384) -> bytes:
        """What is there, at most ``size``; empty at the end. Raises StreamTrouble."""
        try:
            block = self.response.read1(size)
        except (OSError, http.client.HTTPException) as error:
            raise StreamTrouble("relay.silent_host", host=addresses.host_of(self.url)) from error
        self.limits.take(len(block))
        return block


@contextmanager
def opened(url: str, reach: FetchReach) -> Iterator[Opened]:
    """The answer to a GET, redirects followed. Raises StreamTrouble."""
    for _ in range(MOST_REDIRECTS + 1):
        with closing(_connection(url, reach)) as connection, closing(_asked(connection, url)) as response:
            if response.status in _REDIRECTS:
                url = addresses.redirected(url, response.headers.get("Location") or "")
                reach.limits.take(0)
                continue
            if response.status != 200:
                raise StreamTrouble("relay.refused", host=addresses.host_of(url), status=response.status)
            kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
            yield Opened(url, kind, response, reach.limits)
            return
    raise StreamTrouble("relay.redirects_for_ever", host=addresses.host_of(url))


def text_of(url: str, reach: FetchReach, *, most_bytes: int = 1_000_000) -> tuple[str, str]:
    """A small document, and where it was found. Raises StreamTrouble."""
    with opened(url, reach) as answer:
        return whole(answer, most_bytes=most_bytes), answer.url


def whole(answer: Opened, *, most_bytes: int) -> str:
    """All of a small document. Raises StreamTrouble when it is not small."""
    parts, size = [], 0
    while block := answer.read():
        size += len(block)
        if size > most_bytes:
            raise StreamTrouble("relay.playlist_too_large", host=addresses.host_of(answer.url))
        parts.append(block)
    return b"".join(parts).decode("utf-8", "replace")


def _connection(url: str, reach: FetchReach) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = http.client.HTTPConnection(host, port, timeout=SILENT_SECONDS)
    connection.response_class = _Answer
    connection.sock = _connected(host, port, reach)
    if secure:
        try:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        except (OSError, ValueError) as error:
            connection.sock.close()
            raise StreamTrouble("relay.not_trusted", host=host) from error
    return connection


def _connected(host: str, port: int, reach: FetchReach) -> socket.socket:
    """Connected to an address that was looked at, never to a name that may mean another one by then."""
    try:
        found = reach.resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise StreamTrouble("relay.unknown_host", host=host) from error
    allowed = [each for each in found if addresses.may_be_asked(each, reach.private_networks)]
    if not allowed:
        raise StreamTrouble("relay.private_address", host=host)
    for address in allowed[:3]:
        try:
            connected = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError:
            continue
        connected.settimeout(SILENT_SECONDS)
        return connected
    raise StreamTrouble("relay.silent_host", host=host)


def _asked(connection: http.client.HTTPConnection, url: str) -> http.client.HTTPResponse:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", path, headers=_ASKED)
        return connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise StreamTrouble("relay.silent_host", host=addresses.host_of(url)) from error


class _Answer(http.client.HTTPResponse):
    """Old SHOUTcast servers begin their answer with ``ICY 200 OK``."""

    def _read_status(self) -> tuple[str, int, str]:
        stream: Any = self.fp
        if stream.peek(4)[:4] != b"ICY ":
            return super()._read_status()  # type: ignore[misc,no-any-return]
        _icy, status, *reason = stream.readline(4096).decode("latin-1").split(None, 2)
        try:
            return "HTTP/1.0", int(status), "".join(reason)
        except ValueError as error:
            raise http.client.BadStatusLine(status) from error
