"""The least that brings an order to nodes and takes their answers in: the baseline of ``bench.fanout``.

A publisher sends the agendas and chunks through a Mosquitto, and the answers are written by nothing but ``sqlite3``, a
transaction for every hundred messages.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from bench.rig.answering.nodes import AnsweringNodes
from bench.rig.commune import SPEECH_BYTES, STATION, now
from bench.rig.listeners import Account
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.mosquitto import Mosquitto
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.connection import Connection, Incoming
from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.mqtt import chunks, inbox, topics
from broadcaster.protocol.receipts import Receipts
from broadcaster.protocol.signing import sign_agenda
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.nodes import credentials

PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.01
AT_ONCE = 100


class Bare:
    """A broker, one publisher and one subscriber that writes what it hears; the same nodes."""

    def __init__(self, folder: Path, accounts: Sequence[Account]) -> None:
        self._names = [account.name for account in accounts]
        access = BrokerAccess(host="127.0.0.1", port=free_port("127.0.0.1"), username=STATION_USER, password="p" * 24)
        folder.mkdir(exist_ok=True)
        self._broker = Mosquitto(folder=folder / "broker", access=access, station=STATION)
        self._broker.apply(_credentials(accounts))
        self._broker.start()
        self._heard: queue.SimpleQueue[Incoming | None] = queue.SimpleQueue()
        filters = [f"{topics.ROOT}/{STATION}/nodes/+/{leaf}" for leaf in ("receipts", "status")]
        self._connection = Connection(access, filters=filters, on_message=self._heard.put)
        self._connection.start()
        until(lambda: self._connection.connected)
        self._nodes = AnsweringNodes(access.port, accounts, STATION)
        self._stored = 0
        self._path = folder / "bare.db"
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def close(self) -> None:
        self._nodes.close()
        self._connection.stop()
        self._broker.stop()
        self._heard.put(None)
        self._writer.join(5)

    def ordered(self, number: int) -> float:
        """Seconds until the last node's answer is written."""
        before = self._stored
        data = bytes([number]) * SPEECH_BYTES
        ref = chunks.describe(data, duration_ms=60_000)
        at = now()
        item = AgendaItem(
            broadcast=f"bare-broadcast-{number}",
            parts=(ref.sha256,),
            broadcast_class=BroadcastClass.PRIORITY,
            start_at=at + timedelta(hours=1),
            expires_at=at + timedelta(hours=2),
            duration_ms=60_000,
        )
        agenda = Agenda(
            station=STATION,
            node=self._names[0],
            number=number + 1,
            issued_at=at,
            expires_at=at + timedelta(days=7),
            items=(item,),
            clips=(ref,),
        )
        token = sign_agenda(agenda, bytes(32))
        started = time.monotonic()
        for index in range(chunks.count(ref)):
            piece = data[index * ref.chunk_bytes :][: chunks.length(ref, index)]
            self._connection.publish(topics.chunk(STATION, ref.sha256, index), piece, retain=True)
        for name in self._names:
            self._connection.publish(topics.agenda(STATION, name), token, retain=True)
        until(lambda: self._stored - before >= len(self._names))
        return time.monotonic() - started

    def _write(self) -> None:
        database = sqlite3.connect(self._path, isolation_level=None)
        database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE said(topic TEXT, id TEXT, body BLOB, PRIMARY KEY (topic, id));"
        )
        while (first := self._heard.get()) is not None:
            some = [first]
            while len(some) < AT_ONCE and not self._heard.empty():
                if (more := self._heard.get()) is None:
                    return
                some.append(more)
            facts = [said for each in some if isinstance(said := _read(each), Receipts)]
            names = [each.receipts[0].receipt for each in facts]
            rows = [(each.topic, each.topic, each.payload) for each in some]
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", rows)
            database.executemany("INSERT OR REPLACE INTO said VALUES ('receipt', ?, '')", [(name,) for name in names])
            database.execute("COMMIT")
            self._stored += len(names)


def _credentials(accounts: Sequence[Account]) -> tuple[Credential, ...]:
    return tuple(
        Credential(
            username=each.name,
            password_hash=credentials.hash_password(each.password),
            password_sha256=credentials.salted_sha256(each.password),
        )
        for each in accounts
    )


def _read(each: Incoming) -> object:
    return inbox.read(each.topic, each.payload, station=STATION) if each.payload else None


def until(condition: Callable[[], object]) -> None:
    """Wait for it. Raises TimeoutError."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("not all was stored")
        time.sleep(LOOK_SECONDS)
