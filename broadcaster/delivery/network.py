"""The network's side of one paho client, by poll.

paho's own loop waits with ``select``, which knows the first 1,024 files of a process only: a station under a thousand
connections could never reach its broker again.
"""

import logging
import select
import socket
import threading
from contextlib import suppress
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""So often paho looks whether a ping is due."""
FAULTS = select.POLLERR | select.POLLHUP | select.POLLNVAL


class Network:
    """Made before its client connects. ``run`` in one thread; ``end`` from any other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._heard, self._spoken = socket.socketpair()
        self._heard.setblocking(False)
        self._spoken.setblocking(False)
        self._ending = False
        client.on_socket_register_write = self._wake  # set, it also keeps other threads from writing to the socket

    def end(self) -> None:
        """Have ``run`` return at once."""
        self._ending = True
        self._wake()

    def run(self, lost: threading.Event) -> None:
        """Read and write until the connection is lost, which sets the event, or ``end`` is called. Once only."""
        poll = select.poll()
        poll.register(self._heard, select.POLLIN)
        try:
            while self._round(poll) and not self._ending:
                pass
            if self._client.want_write():
                self._client.loop_write()  # the goodbye
        except Exception:  # outermost loop of the network: whatever it was, the next connection is a new one
            log.exception("the connection to the broker failed")
        finally:
            self.close()
            lost.set()

    def close(self) -> None:
        """For a client that never connected."""
        self._heard.close()
        self._spoken.close()

    def _round(self, poll: select.poll) -> bool:
        """False when the connection is gone."""
        connection = self._client.socket()
        if connection is None:
            return False
        writing = select.POLLOUT if self._client.want_write() else 0
        poll.register(connection, select.POLLIN | writing)
        pending = getattr(connection, "pending", int)()
        found = dict(poll.poll(0 if pending else LOOK_SECONDS * 1000))
        poll.unregister(connection)
        if self._heard.fileno() in found:
            self._heard.recv(4096)
        return self._serve(found.get(connection.fileno(), 0), pending=bool(pending))

    def _serve(self, event: int, *, pending: bool) -> bool:
        done = MQTTErrorCode.MQTT_ERR_SUCCESS
        if event & (select.POLLIN | FAULTS) or pending:
            done = self._client.loop_read()
        if not done and self._client.want_write():
            done = self._client.loop_write()
        if not done:
            done = self._client.loop_misc()
        return done is MQTTErrorCode.MQTT_ERR_SUCCESS

    def _wake(self, *_: Any) -> None:
        with suppress(OSError):  # it is awake already, or gone
            self._spoken.send(b"x")
