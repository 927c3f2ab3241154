"""An intake with everything around it, over a database that may not answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.intake.intake import Intake
from broadcaster.errors import Unavailable
from broadcaster.protocol.codec import Message, decode, encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.protocol.wants import Wants
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Broadcast, Delivery

STATION = "con-minh"
BROADCAST = "broadcast-1"
NAMES = ("na-ca", "ang-hin", "lung-pang")
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


class Faulty:
    """A database that does not answer as long as ``broken``."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.broken = False
        self.transactions = 0

    @property
    def is_spared(self) -> bool:
        return self.database.is_spared

    @contextmanager
    def session(self, *, gives_way: bool = False) -> Iterator[Any]:
        if self.broken:
            raise Unavailable("engine.unavailable")
        self.transactions += 1
        with self.database.session(gives_way=gives_way) as s:
            yield s

    @contextmanager
    def reading(self) -> Iterator[Any]:
        if self.broken:
            raise Unavailable("engine.unavailable")
        with self.database.reading() as s:
            yield s


class IntakeBench:
    """An intake with everything around it."""

    def __init__(self, database: Database) -> None:
        self.database = Faulty(database)
        self.published: list[tuple[str, bytes, int]] = []
        self.wishes: list[Wants] = []
        self.tally = DeliveryCounters()
        self.intake = Intake(
            self.database,  # type: ignore[arg-type]
            station=STATION,
            publish=lambda *message: self.published.append(message),
            wish=self.wishes.append,
            tally=self.tally,
            clock=lambda: NOW,
        )

    def hear(self, topic: str, message: Message | bytes, *, retained: bool = False) -> None:
        payload = message if isinstance(message, bytes) else encode(message)
        self.intake.hear(Incoming(topic, payload, retained))

    def hear_receipts(self, *names: str, node: str = "na-ca", about: str = BROADCAST) -> None:
        stated = tuple(
            Receipt(receipt=name, broadcast=about, state=DeliveryState.PLAYED, at=NOW, sequence=number)
            for number, name in enumerate(names)
        )
        self.hear(topics.receipts(STATION, node), Receipts(node=node, receipts=stated))

    def work(self) -> None:
        """Store all that was heard."""
        self.intake.start()
        self.intake.stop()

    def acked(self) -> list[str]:
        return [receipt for _, payload, _ in self.published for receipt in decode(Acks, payload).receipts]

    def stored(self, kind: type[Any]) -> int:
        with self.database.database.reading() as s:
            return len(list(s.scalars(select(kind))))


def broadcast_row(name: str = BROADCAST) -> Broadcast:
    return Broadcast(
        id=name,
        title="Thông báo",
        script="mời bà con",
        broadcast_class=BroadcastClass.ROUTINE,
        start_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        duration_ms=5_000,
        content_hash="0" * 64,
        created_at=NOW,
        deliveries=[Delivery(node_id=name, updated_at=NOW) for name in NAMES],
    )
