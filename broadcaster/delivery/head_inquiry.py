"""Asking the broker what the nodes said last: ends of the audit chain outside the database."""

import threading
import time
from collections.abc import Collection

from broadcaster.delivery.broker.access import BrokerAccess
from broadcaster.delivery.connection import Connection, Incoming
from broadcaster.protocol import signing
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.mqtt import inbox, topics
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.audit.heads import Held
from broadcaster.station.nodes.station_key import StationIdentity

QUIET_SECONDS = 0.5
"""Retained messages come in one burst; so long a silence ends it."""


def ask(
    access: BrokerAccess, identity: StationIdentity, *, nodes: Collection[str] = (), limit_seconds: float = 4.0
) -> list[Held] | None:
    """The heads in the statuses the broker keeps, as far as this station signed them; None when it is not reached.
    ``nodes`` are asked for one by one, too: RabbitMQ answers nothing else."""
    inquiry = _Inquiry(identity)
    statuses = [topics.status(identity.station, node) for node in nodes]
    everybody = f"{topics.ROOT}/{identity.station}/nodes/+/status"
    connection = Connection(access, filters=[everybody, *statuses], on_message=inquiry.hear)
    connection.start()
    try:
        return inquiry.held if inquiry.wait(connection, limit_seconds) else None
    finally:
        connection.stop()


class _Inquiry:
    def __init__(self, identity: StationIdentity) -> None:
        self._identity = identity
        self._lock = threading.Lock()
        self._heard_at: float | None = None
        self._held: list[Held] = []

    @property
    def held(self) -> list[Held]:
        with self._lock:
            return list(self._held)

    def hear(self, incoming: Incoming) -> None:
        self._heard_at = time.monotonic()
        try:
            message = inbox.read(incoming.topic, incoming.payload, station=self._identity.station)
        except ProtocolError:
            return
        head = message.agenda_audit if isinstance(message, NodeStatus) else None
        key, station = self._identity.public_key, self._identity.station
        if isinstance(message, NodeStatus) and head and signing.is_head_of(head, station=station, key=key):
            held = Held(head, message.node)
            with self._lock:
                if held not in self._held:
                    self._held.append(held)

    def wait(self, connection: Connection, limit_seconds: float) -> bool:
        """Until the burst is over; False when no connection came about in time."""
        until = time.monotonic() + limit_seconds
        while time.monotonic() < until:
            if connection.connected:
                since = self._heard_at = self._heard_at or time.monotonic()
                if time.monotonic() - since >= QUIET_SECONDS:
                    return True
            time.sleep(0.02)
        return connection.connected
