"""Two who are let in and mean harm: a node with a valid credential, and somebody with a login at the console."""

import http.client
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import delete

from broadcaster.protocol.agenda import AuditHead
from broadcaster.protocol.codec import encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import zone_nodes

FACTS, MESSAGES_A_SECOND = 100, 40
IDLE, SLOW = 200, 60


class HostileNode:
    """Enrolled like every other, in nobody's zone: states what never was, much of it, and tries others' topics."""

    def __init__(self, database: Database, *, station: str, port: int) -> None:
        """``port``: of the broker, on this machine and without TLS."""
        self._station, self._port = station, port
        with database.session() as s:
            made = nodes.add_node(s, name="Thẻ bị lấy cắp", unit_id="con-minh", by=None, now_at=datetime.now(UTC))
            s.flush()
            s.execute(delete(zone_nodes).where(zone_nodes.c.node_id == made[0].id))
        self.id, self._password = made[0].id, made[1]

    def attack(self) -> Callable[[], None]:
        """Until what it gives is called."""
        ending = threading.Event()
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self.id)
        client.username_pw_set(self.id, self._password)
        client.connect_async("127.0.0.1", self._port)
        client.loop_start()
        thread = threading.Thread(target=self._flood, args=(client, ending), daemon=True)
        thread.start()

        def undo() -> None:
            ending.set()
            thread.join(10)
            client.disconnect()
            client.loop_stop()

        return undo

    def _flood(self, client: mqtt.Client, ending: threading.Event) -> None:
        number = 0
        while not ending.wait(1 / MESSAGES_A_SECOND):
            number += 1
            client.publish(topics.receipts(self._station, self.id), encode(self._lies(number)), qos=1)
            client.publish(topics.status(self._station, self.id), encode(self._status(number)), qos=1, retain=True)
            client.publish(topics.agenda(self._station, "lung-pang"), secrets.token_bytes(200), qos=1, retain=True)
            client.publish(topics.status(self._station, self.id), secrets.token_bytes(5_000), qos=1)

    def _lies(self, number: int) -> Receipts:
        stated = (
            Receipt(
                receipt=f"lie-{number}-{each}-{secrets.token_hex(4)}",
                broadcast=secrets.token_hex(16),
                state=DeliveryState.PLAYED,
                at=datetime.now(UTC),
                sequence=number * FACTS + each,
            )
            for each in range(FACTS)
        )
        return Receipts(node=self.id, receipts=tuple(stated))

    def _status(self, number: int) -> NodeStatus:
        head = AuditHead(entry=number, hash=secrets.token_hex(32), signature="A" * 86)
        return NodeStatus(node=self.id, connection=number, online=True, at=datetime.now(UTC), agenda_audit=head)


class HostileBrowser:
    """Somebody with a token of the commune: idle and slow connections, and requests that are not theirs to make."""

    def __init__(self, port: int, *, token: str, context: ssl.SSLContext | None = None) -> None:
        """``context``: of who speaks TLS with the console; None for clear text."""
        self._port, self._context = port, context
        self._headers = {"Authorization": f"Bearer {token}"}

    def attack(self) -> Callable[[], None]:
        """Until what it gives is called."""
        ending = threading.Event()
        thread = threading.Thread(target=self._hold_connections, args=(ending,), daemon=True)
        thread.start()

        def undo() -> None:
            ending.set()
            thread.join(20)

        return undo

    def _hold_connections(self, ending: threading.Event) -> None:
        held: list[socket.socket] = []
        while len(held) < IDLE + SLOW and not ending.is_set() and (one := self._connection()) is not None:
            held.append(one)
        try:
            while not ending.is_set():
                for slow in held[:SLOW]:
                    with suppress(OSError):
                        slow.send(b"\x16")  # of a handshake that never ends
                for path in ("/people", "/settings", "/audit", f"/stop-orders/{secrets.token_hex(16)}/lift"):
                    if not ending.is_set():
                        self._ask("POST", f"/api/v1{path}", b"\x00" * 2_000)
                time.sleep(0.05)
        finally:
            for each in held:
                each.close()

    def _connection(self) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", self._port), timeout=2)
        except OSError:
            return None

    def _ask(self, method: str, path: str, body: bytes) -> None:
        connection = (
            http.client.HTTPSConnection("127.0.0.1", self._port, timeout=2, context=self._context)
            if self._context
            else http.client.HTTPConnection("127.0.0.1", self._port, timeout=2)
        )
        with suppress(OSError, http.client.HTTPException):
            connection.request(method, path, body=body, headers=self._headers)
            connection.getresponse().read(200)
        connection.close()
