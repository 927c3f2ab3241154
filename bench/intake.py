"""What the station makes of what nodes say: ``python -m bench.intake [NODES] [--postgres]``.

Every node states that it holds one broadcast, tells its status with every message, and what it said comes once more, as
after a lost acknowledgement. Counted is processor time of one process from the bytes of a message to the bytes of its
acknowledgement, the database included (PostgreSQL does its work in processes of its own). Baseline in the same run: the
same receipts and statuses read and written by nothing but ``sqlite3``, a transaction for every hundred messages.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench.rig.commune import ANNOUNCEMENT, STATION, new_clip, order, settle
from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.intake.intake import Intake
from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.mqtt import inbox, topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Delivery
from tests.rig import postgres

PATIENCE_SECONDS = 300.0
AT_ONCE = 100


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("nodes", type=int, nargs="?", default=2_000)
    parser.add_argument("--postgres", action="store_true", help="also on a PostgreSQL of this run's own")
    arguments = parser.parse_args(argv)
    print(f"{'messages from ' + str(arguments.nodes) + ' nodes':46} {'each ms':>8} {'a second':>9} {'wall s':>7}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as parts:
        messages = _measure("this station, SQLite", f"sqlite:///{folder}/loa.db", Path(folder), arguments.nodes)
        if arguments.postgres:
            if reason := postgres.missing():
                print(reason, file=sys.stderr)
                return 1
            cluster = parts.enter_context(postgres.Cluster())
            _measure("this station, PostgreSQL", cluster.create(), Path(folder) / "p", arguments.nodes)
        _bare(Path(folder) / "bare.db", messages)
    return 0


def _measure(label: str, url: str, folder: Path, count: int) -> list[Incoming]:
    folder.mkdir(exist_ok=True)
    database = Database(url)
    database.migrate()
    accounts = settle(database, count)
    new_clip(database, folder, ANNOUNCEMENT)
    names = [account.name for account in accounts]
    broadcast = order(database, names, in_seconds=0)
    messages = list(_messages(broadcast, names))
    acked: set[str] = set()

    def publish(_topic: str, payload: bytes, _qos: int) -> None:
        acked.update(decode(Acks, payload).receipts)

    intake = Intake(
        database,
        station=STATION,
        publish=publish,
        wish=lambda _: None,
        tally=DeliveryCounters(),
        clock=lambda: datetime.now(UTC),
    )
    intake.start()
    processor, wall = time.process_time(), time.monotonic()
    for message in messages:
        intake.hear(message)
    while (len(acked) < count or intake.waiting) and time.monotonic() - wall < PATIENCE_SECONDS:
        time.sleep(0.002)
    intake.stop()
    seconds = time.process_time() - processor
    _row(label, len(messages), seconds, time.monotonic() - wall)
    _check(database, broadcast, count)
    database.dispose()
    return messages


def _messages(broadcast: str, names: list[str]) -> Iterator[Incoming]:
    for again in range(2):
        for name in names:
            now_at = datetime.now(UTC)
            fact = Receipt(
                receipt=f"stored-{name}", broadcast=broadcast, state=DeliveryState.STORED, at=now_at, sequence=1
            )
            said = NodeStatus(node=name, connection=1, online=True, at=now_at, clips_missing=1 - again, boot="boot")
            yield Incoming(topics.receipts(STATION, name), encode(Receipts(node=name, receipts=(fact,))), False)
            yield Incoming(topics.status(STATION, name), encode(said), False)


def _check(database: Database, broadcast: str, count: int) -> None:
    """What is acknowledged is stored."""
    stored = select(func.count()).where(Delivery.broadcast_id == broadcast, Delivery.state == DeliveryState.STORED)
    with database.reading() as s:
        found = s.scalar(stored)
    if found != count:
        raise SystemExit(f"{found} of {count} deliveries are stored")


def _bare(path: Path, messages: list[Incoming]) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE said(topic TEXT, id TEXT, at TEXT, body BLOB, PRIMARY KEY (topic, id));"
    )
    processor, wall = time.process_time(), time.monotonic()
    for start in range(0, len(messages), AT_ONCE):
        rows = []
        for each in messages[start : start + AT_ONCE]:
            said = inbox.read(each.topic, each.payload, station=STATION)
            key = said.receipts[0].receipt if isinstance(said, Receipts) else ""
            rows.append((each.topic, key, datetime.now(UTC).isoformat(), each.payload))
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR REPLACE INTO said VALUES (?, ?, ?, ?)", rows)
        database.execute("COMMIT")
    _row("read and written by sqlite3 alone", len(messages), time.process_time() - processor, time.monotonic() - wall)


def _row(label: str, count: int, processor_seconds: float, wall_seconds: float) -> None:
    each = processor_seconds / count * 1000
    print(f"{label:46} {each:8.3f} {1000 / each:9.0f} {wall_seconds:7.1f}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
