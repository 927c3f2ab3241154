"""The one way outside: connections to where people's channels lead, looked at before they are made.

An address is judged as it was resolved, at the moment of connecting; private, loopback, link-local and reserved ones
are refused unless the operator lists them. Every attempt has one time limit for everything it does, whatever trickles.
"""

import contextvars
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_EMBEDDING = IPv6Network("64:ff9b::/96")
"""Addresses of IPv6 that a translator takes to one of IPv4 (RFC 6052)."""


class AddressRefusedError(OSError):
    """The name leads to an address that is not allowed."""


@dataclass(frozen=True, slots=True)
class AddressRule:
    """allowed: networks of private addresses that are let through."""

    allowed: tuple[str, ...] = ()

    def allows(self, address: str) -> bool:
        """Whether a channel may lead to this address."""
        try:
            found = _plain(ip_address(address.partition("%")[0]))
        except ValueError:
            return False
        if any(found in ip_network(each, strict=False) for each in self.allowed):
            return True
        return found.is_global and not found.is_multicast and not found.is_reserved


@dataclass(slots=True)
class Attempt:
    """One message on its way.

    rule: None where the operator's own configuration names the host.
    ends: of the monotonic clock. status, body, retry_after: of the last answer; smtp_code: of a mail server's refusal.
    is_over: the time was up before all was said; what was answered so far is no answer.
    """

    rule: AddressRule | None
    ends: float
    refused: bool = False
    status: int | None = None
    body: bytes = b""
    media: str = ""
    retry_after: str = ""
    smtp_code: int | None = None
    is_over: bool = False
    _handles: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def left_seconds(self) -> float:
        """Never less than a moment."""
        return max(self.ends - time.monotonic(), 0.05)

    def watch(self, connected: socket.socket) -> None:
        """The connection ends when the attempt does."""
        handle = socket.socket(fileno=socket.dup(connected.fileno()))
        with self._lock:
            self._handles.append(handle)

    def end(self) -> None:
        """Shut what is still open: whoever reads from it wakes up with an error."""
        with self._lock:
            self.is_over = True
            for handle in self._handles:
                with suppress(OSError):
                    handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()


_CURRENT: contextvars.ContextVar[Attempt] = contextvars.ContextVar("attempt")


@contextmanager
def attempting(rule: AddressRule | None, *, seconds: float) -> Iterator[Attempt]:
    """Everything this thread connects to within belongs to one attempt."""
    attempt = Attempt(rule, time.monotonic() + seconds)
    alarm = threading.Timer(seconds, attempt.end)
    alarm.daemon = True
    alarm.start()
    token = _CURRENT.set(attempt)
    try:
        yield attempt
    finally:
        _CURRENT.reset(token)
        alarm.cancel()
        attempt.close()


def current() -> Attempt:
    """Raises LookupError where nothing is attempted: then nothing may be sent either."""
    return _CURRENT.get()


def connect(host: str, port: int) -> socket.socket:
    """A connection to the first address of this name that is allowed and answers. Raises OSError."""
    attempt = current()
    failure: OSError | None = None
    for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if attempt.rule is not None and not attempt.rule.allows(str(address[0])):
            continue
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(attempt.left_seconds)
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
            continue
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        attempt.watch(connection)
        return connection
    attempt.refused = failure is None
    raise failure or AddressRefusedError("no address of this name is allowed")


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of IPv4 that one of IPv6 stands for."""
    if isinstance(address, IPv4Address):
        return address
    if address in _EMBEDDING:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address
