"""Connections to the console: how long each may take to ask, and who has to go when too many stand.

Whoever asks something and waits for the answer is never sent away; who holds a connection without asking is, the
oldest first, so that a newcomer always gets in.
"""

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]

CONNECTIONS = 600
"""Open ones; with more somebody has to go."""
AT_ONCE = 100
HEAD_SECONDS = 15.0
"""From a connection's first moment, or a later request's first byte, to the end of its head."""
BODY_PATIENCE_SECONDS = 30.0
LEAST_BYTES_A_SECOND = 500
"""A body may come as slowly as the weakest link carries it, but no slower on the average after so long."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection. asked: whether a whole request ever came over it."""

    asked = False
    _began_at: float | None = None
    _read_bytes = 0

    def received(self, data: bytes) -> bool:
        if self._began_at is None:
            self._began_at = time.time()
        self._read_bytes += len(data)
        taken = bool(super().received(data))
        if self.request is None:
            self.asked, self._began_at, self._read_bytes = True, None, 0
        return taken

    @property
    def dispensable(self) -> bool:
        """Whether nobody works for it or is being answered."""
        return not (self.requests or self.will_close or self.close_when_flushed or self.total_outbufs_len)

    @property
    def merit(self) -> tuple[bool, float]:
        """Who asked before has more, then who did or came last; a byte now and then earns nothing."""
        return self.asked, self.last_activity if self.asked else self.creation_time

    def is_late(self, now: float) -> bool:
        """Whether it takes longer to ask than anybody honest does."""
        if not self.dispensable:
            return False
        if self._began_at is None:
            return not self.asked and now - self.creation_time > HEAD_SECONDS
        age = now - (self._began_at if self.asked else self.creation_time)
        if self.request is None or not self.request.headers_finished:
            return age > HEAD_SECONDS
        return age > BODY_PATIENCE_SECONDS and self._read_bytes < age * LEAST_BYTES_A_SECOND


class Server(TcpWSGIServer):  # type: ignore[misc]
    """``on_crowded`` is called whenever somebody was sent away to make room."""

    channel_class = Channel
    on_crowded: Callable[[], None] = staticmethod(lambda: None)

    def handle_accept(self) -> None:
        """Let the newcomers in; when too many stand, those longest there for nothing go. Should all be at work, it is
        newcomers that go."""
        newcomers = list(self._newcomers())
        standing = [each for each in self.active_channels.values() if not each.will_close]
        excess = len(standing) + len(newcomers) - CONNECTIONS
        if excess > 0:
            self.on_crowded()
            victims = longest_for_nothing(standing, excess)
            for victim in victims:
                victim.will_close = True  # closed by the loop's next round: this one may still have events for it
            for connection, _ in newcomers[: excess - len(victims)]:
                connection.close()
            newcomers = newcomers[excess - len(victims) :]
        for connection, address in newcomers:
            self.channel_class(self, connection, address, self.adj, map=self._map)

    def _newcomers(self) -> Iterator[tuple[socket.socket, Any]]:
        """Whoever waits to be accepted: one at a time, many would keep an honest one waiting behind them."""
        for _ in range(AT_ONCE):
            try:
                accepted = self.accept()
                if accepted is None:
                    return
                self.set_socket_options(accepted[0])
            except OSError:
                return
            yield accepted

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_late(now):
                channel.will_close = True


def longest_for_nothing(channels: Iterable[Any], count: int) -> list[Any]:
    """So many at most: of the address with the most connections first, those that never asked before the others."""
    dispensable = [each for each in channels if each.dispensable]
    of_address = Counter(each.addr[0] for each in dispensable)
    return sorted(dispensable, key=lambda each: (-of_address[each.addr[0]], each.merit))[:count]


def family_of(listening: socket.socket) -> tuple[Any, ...]:
    """The socket as waitress wants to know it."""
    return (listening.family, listening.type, listening.proto, listening.getsockname())
