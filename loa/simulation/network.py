"""One loop for the connections of all simulated nodes, by epoll: ``select`` ends at 1,024 files."""

import heapq
import logging
import random
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from paho.mqtt.client import Client

from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import NodeBundle
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.status import NodeStatus
from speaker_node.events import Event, LinkDown
from speaker_node.link.connection import KEEPALIVE_SECONDS, SETTLED_SECONDS, BrokerConnection

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
"""So often every client looks whether it should ping."""
CONNECTED_AT_ONCE = 20
"""Attempts between two looks at those that stand."""


class SharedConnection(BrokerConnection):
    """A node's connection that is driven by the loop it shares with all others."""

    def __init__(
        self,
        bundle: NodeBundle,
        network: "SharedNetwork",
        *,
        post: Callable[[Event], None],
        next_connection: Callable[[], int],
    ) -> None:
        super().__init__(bundle, post=post, next_connection=next_connection)
        self._network = network
        self._why: list[str] = []
        self._number = 0
        self.pause_seconds = self._times.shortest_pause_seconds

    @property
    def stands(self) -> bool:
        """Whether the broker has let this node in."""
        return self._client is not None and self._client.is_connected()

    def open(self) -> None:
        """See :class:`BrokerConnection`."""
        self._network.connect_soon(self, after_seconds=0.0)

    def close(self, goodbye: NodeStatus | None, *, timeout_seconds: float = 1.0) -> None:
        """Say goodbye; the loop sends it before it ends."""
        del timeout_seconds
        self._closing.set()
        client = self._client
        if client is not None and goodbye is not None and client.is_connected():
            client.publish(self._topic(topics.status), encode(goodbye), qos=1, retain=True)
            client.disconnect()

    def attempt(self) -> Client | None:
        """In the loop: a client that has begun to connect; None when there is no broker."""
        self._number = self._next_connection()
        self._stood_since = float("inf")
        self._why = []
        client = self._new_client(self._number, self._why)
        client.on_socket_register_write = lambda _client, _data, opened: self._network.wants_to_write(opened)
        self._client = client
        try:
            client.connect(self._bundle.broker.host, self._bundle.broker.port, keepalive=KEEPALIVE_SECONDS)
        except (OSError, ValueError) as error:
            self._why.append(str(error))
            return None
        return client

    def lost(self) -> None:
        """In the loop: the attempt or the connection came to nothing; another follows."""
        self._client = None
        self._post(LinkDown(self._number, self._why[-1] if self._why else ""))
        if self._closing.is_set():
            return
        if time.monotonic() - self._stood_since > SETTLED_SECONDS:
            self.pause_seconds = self._times.shortest_pause_seconds
        spread = random.uniform(0.5, 1.5)  # noqa: S311 - spreads reconnects, no secret
        self._network.connect_soon(self, after_seconds=self.pause_seconds * spread)
        self.pause_seconds = min(self._times.longest_pause_seconds, self.pause_seconds * 2)


class SharedNetwork:
    """A thread of its own."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._heard, self._spoken = socket.socketpair()
        self._heard.setblocking(False)
        self._spoken.setblocking(False)
        self._epoll.register(self._heard, select.EPOLLIN)
        self._lock = threading.Lock()
        self._due: list[tuple[float, int, SharedConnection]] = []
        self._numbers = 0
        self._writing: set[int] = set()
        self._open: dict[int, tuple[SharedConnection, Client]] = {}
        self._looked_at = time.monotonic()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated-network", daemon=True)

    @property
    def connected(self) -> int:
        """How many nodes the broker has let in."""
        return sum(connection.stands for connection, _ in list(self._open.values()))

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_seconds: float) -> None:
        """Send what is still to be sent, then end."""
        self._ending.set()
        self._wake()
        self._thread.join(timeout_seconds)

    def connect_soon(self, connection: SharedConnection, *, after_seconds: float) -> None:
        """Have it attempted."""
        with self._lock:
            self._numbers += 1
            heapq.heappush(self._due, (time.monotonic() + after_seconds, self._numbers, connection))
        self._wake()

    def wants_to_write(self, opened: Any) -> None:
        """From any thread: something waits to be written on this socket."""
        with self._lock:
            self._writing.add(opened.fileno())
        self._wake()

    def _run(self) -> None:
        while not self._ending.is_set() or self._writes_left():
            try:
                self._round()
            except Exception:  # outermost loop: one node's fault must not stop all others
                log.exception("the simulated network failed and goes on")
        self._close()

    def _close(self) -> None:
        for _, client in self._open.values():
            client.disconnect()
            client.loop_write()
        self._epoll.close()
        self._heard.close()
        self._spoken.close()

    def _round(self) -> None:
        more = self._attempt_some()
        self._note_writers()
        for file, event in self._epoll.poll(0.0 if more else 0.2):
            if file == self._heard.fileno():
                with suppress(BlockingIOError):
                    self._heard.recv(65_536)
            elif file in self._open:
                self._serve(file, event)
        self._look_at_all()

    def _attempt_some(self) -> bool:
        """Whether others wait for their attempt already."""
        for _ in range(CONNECTED_AT_ONCE):
            with self._lock:
                if not self._due or self._due[0][0] > time.monotonic() or self._ending.is_set():
                    return False
                connection = heapq.heappop(self._due)[2]
            self._attempt(connection)
        return True

    def _attempt(self, connection: SharedConnection) -> None:
        client = connection.attempt()
        opened = client.socket() if client else None
        if client is None or opened is None:
            connection.lost()
            return
        self._open[opened.fileno()] = (connection, client)
        self._epoll.register(opened.fileno(), select.EPOLLIN | select.EPOLLOUT)

    def _note_writers(self) -> None:
        with self._lock:
            writing, self._writing = self._writing, set()
        for file in writing & self._open.keys():
            self._epoll.modify(file, select.EPOLLIN | select.EPOLLOUT)

    def _serve(self, file: int, event: int) -> None:
        connection, client = self._open[file]
        if event & ~select.EPOLLOUT:
            client.loop_read()
            while _pending(client):  # deciphered already, of which the kernel tells nothing
                client.loop_read()
        if client.want_write():
            client.loop_write()
        opened = client.socket()
        if opened is None or opened.fileno() != file:
            self._forget(file, connection)
        elif event & select.EPOLLOUT and not client.want_write():
            self._epoll.modify(file, select.EPOLLIN)

    def _forget(self, file: int, connection: SharedConnection) -> None:
        del self._open[file]
        with suppress(OSError):  # a file that is closed has left the set by itself
            self._epoll.unregister(file)
        connection.lost()

    def _look_at_all(self) -> None:
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = time.monotonic()
        for file, (connection, client) in list(self._open.items()):
            client.loop_misc()
            if client.socket() is None:
                self._forget(file, connection)

    def _writes_left(self) -> bool:
        return any(client.want_write() for _, client in self._open.values())

    def _wake(self) -> None:
        with suppress(OSError):  # it is awake already, or gone
            self._spoken.send(b"x")


def _pending(client: Client) -> int:
    return int(getattr(client.socket(), "pending", int)())
