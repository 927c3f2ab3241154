"""Many MQTT subscribers in one thread, for the benches: each notes when something comes on its topics.

Written on sockets, because a thing that measures must cost less than what it measures: payloads are counted, not kept.
"""

import selectors
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE_SECONDS = 120.0
KEEPALIVE_SECONDS = 3600
QUIET_SECONDS = 0.5
"""So long a silence means that the retained messages have all come."""
LOOK_SECONDS = 0.005
"""Between two looks whether somebody has heard enough; the times themselves are taken when a message comes."""
PUBLISH = 3
"""Kind of packet."""


@dataclass(frozen=True, slots=True)
class Account:
    """One subscriber: its name, its password, the topics it follows."""

    name: str
    password: str
    topics: tuple[str, ...]


@dataclass(slots=True)
class _Link:
    """head: the beginning of a packet that is not to be understood yet; rest: bytes of the present one still to come;
    answer: what that one is acknowledged with; None when it is no message."""

    socket: socket.socket
    head: bytes = b""
    rest: int = 0
    answer: bytes | None = None
    times: list[float] = field(default_factory=list)


class Listeners:
    """All connected and subscribed when the constructor returns."""

    def __init__(self, port: int, accounts: Sequence[Account]) -> None:
        self._buffer = memoryview(bytearray(1 << 20))
        self._heard_at = time.monotonic()
        self._links = {account.name: _connect(port, account) for account in accounts}
        self._selector = selectors.DefaultSelector()
        for link in self._links.values():
            self._selector.register(link.socket, selectors.EVENT_READ, link)
        self._running = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._heard_at = time.monotonic()
        while time.monotonic() - self._heard_at < QUIET_SECONDS:
            time.sleep(LOOK_SECONDS)

    def close(self) -> None:
        self._running = False
        self._thread.join(2)
        for link in self._links.values():
            link.socket.close()
        self._selector.close()

    def heard(self, name: str) -> tuple[int, float]:
        """How many messages this one has, and the present: a mark for ``await_more``."""
        return len(self._links[name].times), time.monotonic()

    def await_more(self, name: str, mark: tuple[int, float], *, count: int = 1) -> float:
        """Seconds from the mark to the ``count``-th message after it."""
        times = self._links[name].times
        until = time.monotonic() + PATIENCE_SECONDS
        while len(times) < mark[0] + count:
            if time.monotonic() > until:
                raise TimeoutError(f"{name} heard {len(times) - mark[0]} of {count} messages")
            time.sleep(LOOK_SECONDS)
        return times[mark[0] + count - 1] - mark[1]

    def _run(self) -> None:
        while self._running:
            for key, _ in self._selector.select(timeout=0.2):
                self._receive(key.data)

    def _receive(self, link: _Link) -> None:
        size = link.socket.recv_into(self._buffer)
        if not size:
            self._selector.unregister(link.socket)
        self._heard_at = time.monotonic()
        answers = _read(link, self._buffer[:size], self._heard_at)
        if answers:
            link.socket.sendall(answers)


def _read(link: _Link, data: memoryview | bytes, now: float) -> bytes:
    """Take in what came; returns the acknowledgements it asks for."""
    if link.head:
        data, link.head = link.head + bytes(data), b""
    answers, at = bytearray(), 0
    while at < len(data):
        if not link.rest:
            size = _begin(link, data, at)
            if not size:
                link.head = bytes(data[at:])
                break
            at += size
        step = min(link.rest, len(data) - at)
        at, link.rest = at + step, link.rest - step
        if not link.rest and link.answer is not None:
            link.times.append(now)
            answers += link.answer
    return bytes(answers)


def _begin(link: _Link, data: memoryview | bytes, at: int) -> int:
    """Bytes before the payload of the packet that begins here; 0 while they are not all there."""
    end, length = at + 1, 0
    while end < len(data):
        length |= (data[end] & 0x7F) << 7 * (end - at - 1)
        end += 1
        if not data[end - 1] & 0x80:
            break
    else:
        return 0
    link.answer, link.rest = None, length
    if data[at] >> 4 != PUBLISH:
        return end - at
    asks = data[at] & 6
    head = end + 2 + (data[end] << 8 | data[end + 1] if end + 1 < len(data) else 0) + (2 if asks else 0)
    if end + 1 >= len(data) or head > len(data):
        link.rest = 0
        return 0
    link.answer = b"\x40\x02" + bytes(data[head - 2 : head]) if asks else b""
    link.rest = length - (head - end)
    return head - at


def _connect(port: int, account: Account) -> _Link:
    return _Link(connected(port, account))


def connected(port: int, account: Account) -> socket.socket:
    """The socket of one subscriber, let in and asking for its topics."""
    opened = socket.create_connection(("127.0.0.1", port))
    head = text("MQTT") + bytes([4, 0xC2]) + struct.pack("!H", KEEPALIVE_SECONDS)
    opened.sendall(packet(0x10, head + text(account.name) + text(account.name) + text(account.password)))
    if opened.recv(4) != b"\x20\x02\x00\x00":
        raise ConnectionRefusedError(account.name)
    opened.sendall(packet(0x82, b"\x00\x01" + b"".join(text(each) + b"\x01" for each in account.topics)))
    return opened


def packet(kind: int, body: bytes) -> bytes:
    """One packet of MQTT 3.1.1 with this first byte."""
    length, encoded = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        encoded.append(digit | (0x80 if length else 0))
        if not length:
            break
    return bytes([kind]) + bytes(encoded) + body


def text(value: str) -> bytes:
    """A string as MQTT writes it."""
    raw = value.encode()
    return struct.pack("!H", len(raw)) + raw
