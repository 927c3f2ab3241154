"""Many MQTT subscribers in one thread, for the benches: each notes when something comes on its topics.

Written on sockets, because a thing that measures must cost less than what it measures.
"""

import selectors
import socket
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

PATIENCE_SECONDS = 30.0
KEEPALIVE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Account:
    """One subscriber: its name, its password, the topics it follows."""

    name: str
    password: str
    topics: tuple[str, ...]


@dataclass(slots=True)
class _Link:
    socket: socket.socket
    buffer: bytearray = field(default_factory=bytearray)
    times: list[float] = field(default_factory=list)


class Listeners:
    """All connected and subscribed when the constructor returns."""

    def __init__(self, port: int, accounts: Sequence[Account]) -> None:
        self._links = {account.name: _connect(port, account) for account in accounts}
        self._selector = selectors.DefaultSelector()
        for link in self._links.values():
            self._selector.register(link.socket, selectors.EVENT_READ, link)
        self._changed = threading.Condition()
        self._running = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        time.sleep(0.5)  # the retained messages

    def close(self) -> None:
        self._running = False
        self._thread.join(2)
        for link in self._links.values():
            link.socket.close()
        self._selector.close()

    def heard(self, name: str) -> tuple[int, float]:
        """How many messages this one has, and the present: a mark for ``await_more``."""
        with self._changed:
            return len(self._links[name].times), time.monotonic()

    def await_more(self, name: str, mark: tuple[int, float], *, count: int = 1) -> float:
        """Seconds from the mark to the ``count``-th message after it."""
        times = self._links[name].times
        with self._changed:
            if not self._changed.wait_for(lambda: len(times) >= mark[0] + count, PATIENCE_SECONDS):
                raise TimeoutError(f"{name} heard {len(times) - mark[0]} of {count} messages")
            return times[mark[0] + count - 1] - mark[1]

    def _run(self) -> None:
        while self._running:
            ready = self._selector.select(timeout=0.2)
            with self._changed:
                for key, _ in ready:
                    self._receive(key.data)
                self._changed.notify_all()

    def _receive(self, link: _Link) -> None:
        data = link.socket.recv(65_536)
        if not data:
            self._selector.unregister(link.socket)
        link.buffer += data
        for kind, body in _packets(link.buffer):
            if kind >> 4 == 3:
                link.times.append(time.monotonic())
                if kind & 6:
                    (length,) = struct.unpack_from("!H", body)
                    link.socket.sendall(b"\x40\x02" + body[2 + length : 4 + length])


def _connect(port: int, account: Account) -> _Link:
    link = _Link(socket.create_connection(("127.0.0.1", port)))
    head = _text("MQTT") + bytes([4, 0xC2]) + struct.pack("!H", KEEPALIVE_SECONDS)
    _send(link, 0x10, head + _text(account.name) + _text(account.name) + _text(account.password))
    if link.socket.recv(4) != b"\x20\x02\x00\x00":
        raise ConnectionRefusedError(account.name)
    _send(link, 0x82, b"\x00\x01" + b"".join(_text(each) + b"\x01" for each in account.topics))
    return link


def _send(link: _Link, kind: int, body: bytes) -> None:
    length, encoded = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        encoded.append(digit | (0x80 if length else 0))
        if not length:
            break
    link.socket.sendall(bytes([kind]) + bytes(encoded) + body)


def _packets(buffer: bytearray) -> Iterator[tuple[int, bytes]]:
    """The complete packets in the buffer, which are taken out of it."""
    while len(buffer) >= 2:
        length, shift, at = 0, 0, 1
        while at < len(buffer) and buffer[at] & 0x80:
            length |= (buffer[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
        if at >= len(buffer):
            return
        length |= buffer[at] << shift
        end = at + 1 + length
        if len(buffer) < end:
            return
        yield buffer[0], bytes(buffer[at + 1 : end])
        del buffer[:end]


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("!H", len(raw)) + raw
