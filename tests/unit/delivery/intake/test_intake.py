"""What nodes say, and what becomes of it when the database does not answer."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.intake.budgets import MESSAGES
from broadcaster.delivery.intake.intake import Intake
from broadcaster.errors import Unavailable
from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import Message, decode, encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from broadcaster.protocol.wants import WantedChunks, Wants
from broadcaster.station.broadcasts import receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes, statuses
from broadcaster.station.schema import Broadcast, Delivery, NodeState, ReceiptRow
from broadcaster.station.units import units

pytestmark = pytest.mark.integration  # a real database

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


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("intake") / "template.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.session() as s:
        units.add_unit(s, name="Côn Minh", kind="commune", now_at=NOW)
        for name in NAMES:
            nodes.add_node(s, name=name, unit_id="con-minh", by=None, now_at=NOW, node_id=name)
    with database.session() as s:
        s.add(_broadcast())
    database.dispose()
    return path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Iterator[IntakeBench]:
    shutil.copy(template, tmp_path / "loa.db")
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    yield IntakeBench(database)
    database.dispose()


def test_a_receipt_is_acknowledged_after_it_is_stored(bench: IntakeBench) -> None:
    bench.hear_receipts("receipt-1", "receipt-2")
    assert bench.acked() == []
    bench.work()
    assert bench.acked() == ["receipt-1", "receipt-2"]
    assert bench.stored(ReceiptRow) == 2


def test_what_cannot_be_stored_is_not_acknowledged_and_waits(bench: IntakeBench) -> None:
    bench.database.broken = True
    bench.hear_receipts("receipt-1")
    bench.work()
    assert (bench.acked(), bench.intake.hindered) == ([], True)
    bench.database.broken = False
    bench.work()
    assert (bench.acked(), bench.intake.hindered, bench.intake.waiting) == (["receipt-1"], False, 0)


def test_a_fact_that_breaks_the_storing_spoils_only_itself(bench: IntakeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = receipts.store_all

    def refuse_one(s: Any, stated: Sequence[receipts.Stated], **more: Any) -> Any:
        if any(each.receipt.receipt == "receipt-2" for each in stated):
            raise ZeroDivisionError
        return keep(s, stated, **more)

    monkeypatch.setattr(receipts, "store_all", refuse_one)
    bench.hear_receipts(*(f"receipt-{number}" for number in range(5)))
    bench.work()
    assert sorted(bench.acked()) == ["receipt-0", "receipt-1", "receipt-3", "receipt-4"]
    assert bench.tally.read()["refused_storing_ZeroDivisionError"] == 1
    assert bench.intake.conduct.report() == {"na-ca": {"unfit": 1}}


def test_a_status_that_breaks_the_storing_spoils_only_itself(
    bench: IntakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = statuses.record_all

    def refuse_one(s: Any, said: Mapping[str, Any]) -> set[str]:
        if "ang-hin" in said:
            raise ZeroDivisionError
        return keep(s, said)

    monkeypatch.setattr(statuses, "record_all", refuse_one)
    for name in NAMES:
        bench.hear(topics.status(STATION, name), NodeStatus(node=name, connection=1, online=True, at=NOW))
    bench.work()
    assert bench.stored(NodeState) == len(NAMES) - 1


def test_facts_about_an_unknown_broadcast_are_acknowledged_counted_and_dropped(bench: IntakeBench) -> None:
    bench.hear_receipts("receipt-1", "receipt-2", about="nobody-knows-it")
    bench.work()
    assert (bench.acked(), bench.stored(ReceiptRow)) == (["receipt-1", "receipt-2"], 0)
    assert bench.tally.read()["receipts_unknown"] == 2
    assert bench.intake.conduct.report() == {"na-ca": {"unknown": 2}}


def test_what_is_invented_or_stored_already_takes_no_lock(bench: IntakeBench) -> None:
    bench.hear_receipts("receipt-1")
    bench.work()
    bench.hear_receipts("receipt-1")
    bench.hear_receipts(*(f"invented-{number}" for number in range(90)), about="broadcast-invented")
    before = bench.database.transactions
    bench.work()
    assert (bench.database.transactions - before, len(bench.acked())) == (0, 92)
    assert bench.stored(ReceiptRow) == 1


def test_what_is_new_among_invented_facts_is_stored(bench: IntakeBench) -> None:
    bench.hear_receipts(*(f"invented-{number}" for number in range(90)), about="broadcast-invented")
    bench.hear_receipts("receipt-1", node="ang-hin")
    bench.work()
    assert "receipt-1" in bench.acked()
    assert bench.stored(ReceiptRow) == 1


def test_many_facts_are_stored_in_short_transactions(bench: IntakeBench) -> None:
    for start in range(0, 500, 100):
        bench.hear_receipts(*(f"receipt-{number}" for number in range(start, start + 100)))
    bench.work()
    assert bench.database.transactions >= 2  # the first one takes 200 at most, before anybody knows how long they take
    assert bench.stored(ReceiptRow) == len(set(bench.acked())) == 500


def test_a_fact_about_an_order_that_lies_in_the_spare_is_not_taken_for_invented(bench: IntakeBench) -> None:
    path = bench.database.database.url.database
    locked = sqlite3.connect(str(path), isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    with bench.database.database.session(urgent=True) as s:
        s.add(_broadcast("ordered-meanwhile"))
    locked.rollback()
    locked.close()
    assert bench.database.is_spared
    bench.hear_receipts("receipt-1", about="ordered-meanwhile")
    bench.work()
    assert (bench.acked(), bench.stored(ReceiptRow)) == (["receipt-1"], 1)


def test_of_a_nodes_statuses_the_latest_is_written_and_the_others_cost_nothing(bench: IntakeBench) -> None:
    for number in range(500):
        said = NodeStatus(node="na-ca", connection=1, online=True, at=NOW, clips_missing=number)
        bench.hear(topics.status(STATION, "na-ca"), said)
    bench.work()
    assert bench.tally.read() == {"statuses": 1, "statuses_stale": 0}
    with bench.database.database.reading() as s:
        assert s.get_one(NodeState, "na-ca").clips_missing == 499


def test_a_node_that_says_too_much_is_not_listened_to_and_the_others_are(bench: IntakeBench) -> None:
    for number in range(int(MESSAGES.burst) + 1_000):
        bench.hear_receipts(f"receipt-{number}")
    bench.hear_receipts("receipt-of-another", node="ang-hin")
    bench.work()
    assert "receipt-of-another" in bench.acked()
    assert bench.tally.read()["refused_excess_messages"] == bench.intake.conduct.report()["na-ca"]["excess"]


def test_an_instant_no_database_keeps_is_refused(bench: IntakeBench) -> None:
    for at in (b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00"):
        bench.hear(topics.status(STATION, "na-ca"), b'{"node":"na-ca","connection":1,"online":true,"at":"%s"}' % at)
    bench.work()
    assert bench.tally.read() == {"refused_Malformed": 2}


def test_a_retained_status_is_taken_over_without_being_a_sign_of_life(bench: IntakeBench) -> None:
    said = NodeStatus(node="na-ca", connection=1, online=True, at=NOW - timedelta(hours=5))
    bench.hear(topics.status(STATION, "na-ca"), said, retained=True)
    bench.work()
    with bench.database.database.reading() as s:
        state = s.get_one(NodeState, "na-ca")
        assert state.seen_at is not None
        assert state.seen_at <= NOW - timedelta(hours=5)


def test_a_cleared_retained_message_is_nothing(bench: IntakeBench) -> None:
    bench.hear(topics.status(STATION, "na-ca"), b"", retained=True)
    assert bench.tally.read() == {}


def test_wishes_go_to_the_publisher(bench: IntakeBench) -> None:
    wants = Wants(node="na-ca", chunks=(WantedChunks(sha256="a" * 64, indexes=(1, 2)),))
    bench.hear(topics.wants(STATION, "na-ca"), wants)
    assert bench.wishes == [wants]


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("nonsense", b"{}", "Malformed"),
        (topics.status("elsewhere", "na-ca"), b"{}", "WronglyAddressed"),
        (topics.status(STATION, "na-ca"), b"\xff\xfe", "Malformed"),
        (topics.status(STATION, "na-ca"), b'{"node":"ang-hin","connection":1,"online":true}', "WronglyAddressed"),
        (
            topics.status(STATION, "na-ca"),
            b'{"version":9,"node":"na-ca","connection":1,"online":true}',
            "UnsupportedVersion",
        ),
        (topics.receipts(STATION, "na-ca"), b"x" * 70_000, "Oversized"),
    ],
)
def test_what_is_not_a_message_is_refused_counted_and_forgotten(
    bench: IntakeBench, topic: str, payload: bytes, reason: str
) -> None:
    for _ in range(3):
        bench.hear(topic, payload)
    bench.work()
    assert bench.tally.read() == {f"refused_{reason}": 3}


def test_a_flood_is_logged_once_per_reason(bench: IntakeBench, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(50):
        bench.hear(f"nonsense/{number}", b"{}")
    assert len(caplog.records) == 1


def _broadcast(name: str = BROADCAST) -> Broadcast:
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


def test_a_clock_in_doubt_is_told_to_who_asks_for_the_time(bench: IntakeBench) -> None:
    bench.intake.clock_state = lambda: ClockState.UNSYNCED
    question = ClockQuestion(node="na-ca", question="q", asked_seconds=1.0)
    bench.hear(topics.clock(STATION, "na-ca"), question)
    reply = decode(ClockReply, bench.published[0][1])
    assert reply.clock is ClockState.UNSYNCED
