"""What nodes say, and what becomes of it when the database does not answer."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from broadcaster.delivery.connection import Incoming
from broadcaster.delivery.intake import Intake
from broadcaster.delivery.tally import Tally
from broadcaster.errors import Unavailable
from broadcaster.protocol import topics
from broadcaster.protocol.codec import Message, decode, encode
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState
from broadcaster.protocol.wants import WantedChunks, Wants
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import NodeState, ReceiptRow
from broadcaster.station.units import units

pytestmark = pytest.mark.integration  # a real database

STATION = "con-minh"
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


class Faulty:
    """A database that does not answer as long as ``broken``."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.broken = False

    @contextmanager
    def session(self) -> Iterator[Any]:
        if self.broken:
            raise Unavailable("Cơ sở dữ liệu không trả lời.")
        with self.database.session() as s:
            yield s


class Desk:
    """An intake with everything around it."""

    def __init__(self, database: Database) -> None:
        self.database = Faulty(database)
        self.published: list[tuple[str, bytes, int]] = []
        self.wishes: list[Wants] = []
        self.tally = Tally()
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

    def hear_receipts(self, *names: str, node: str = "na-ca") -> None:
        stated = tuple(
            Receipt(receipt=name, broadcast="broadcast-1", state=DeliveryState.PLAYED, at=NOW, sequence=number)
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
        nodes.add_node(s, name="Nà Ca", unit_id="con-minh", by=None, now_at=NOW, node_id="na-ca")
    database.dispose()
    return path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copy(template, tmp_path / "loa.db")
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    yield Desk(database)
    database.dispose()


def test_a_receipt_is_acknowledged_after_it_is_stored(desk: Desk) -> None:
    desk.hear_receipts("receipt-1", "receipt-2")
    assert desk.acked() == []
    desk.work()
    assert desk.acked() == ["receipt-1", "receipt-2"]
    assert desk.stored(ReceiptRow) == 2


def test_what_cannot_be_stored_is_not_acknowledged_and_is_welcome_again(desk: Desk) -> None:
    desk.database.broken = True
    desk.hear_receipts("receipt-1")
    desk.work()
    assert desk.acked() == []
    desk.database.broken = False
    desk.hear_receipts("receipt-1")
    desk.work()
    assert desk.acked() == ["receipt-1"]


def test_a_message_that_breaks_the_storing_spoils_only_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = nodes.record_status

    def refuse_one(s: Any, *, status: NodeStatus, **more: Any) -> bool:
        if status.node == "cursed":
            raise Unavailable("Không ghi được.")
        return keep(s, status=status, **more)

    monkeypatch.setattr(nodes, "record_status", refuse_one)
    desk.hear_receipts("receipt-1")
    desk.hear(topics.status(STATION, "cursed"), NodeStatus(node="cursed", connection=1, online=True, at=NOW))
    desk.hear_receipts("receipt-2")
    desk.work()
    assert desk.acked() == ["receipt-1", "receipt-2"]
    assert desk.tally.read()["refused_storing_Unavailable"] == 1


def test_a_bug_in_the_storing_does_not_end_the_intake(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(nodes, "record_status", fail)
    desk.intake.start()
    desk.hear(topics.status(STATION, "na-ca"), NodeStatus(node="na-ca", connection=1, online=True, at=NOW))
    _until(lambda: desk.tally.read().get("intake_errors") == 1)
    desk.hear_receipts("receipt-1")
    desk.intake.stop()
    assert desk.acked() == ["receipt-1"]


def test_a_retained_status_is_taken_over_without_being_a_sign_of_life(desk: Desk) -> None:
    said = NodeStatus(node="na-ca", connection=1, online=True, at=NOW - timedelta(hours=5))
    desk.hear(topics.status(STATION, "na-ca"), said, retained=True)
    desk.work()
    with desk.database.database.reading() as s:
        state = s.get_one(NodeState, "na-ca")
        assert state.seen_at is not None
        assert state.seen_at <= NOW - timedelta(hours=5)


def test_a_cleared_retained_message_is_nothing(desk: Desk) -> None:
    desk.hear(topics.status(STATION, "na-ca"), b"", retained=True)
    assert desk.tally.read() == {}


def test_wishes_go_to_the_publisher(desk: Desk) -> None:
    wants = Wants(node="na-ca", chunks=(WantedChunks(sha256="a" * 64, indexes=(1, 2)),))
    desk.hear(topics.wants(STATION, "na-ca"), wants)
    assert desk.wishes == [wants]


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
    desk: Desk, topic: str, payload: bytes, reason: str
) -> None:
    for _ in range(3):
        desk.hear(topic, payload)
    desk.work()
    assert desk.tally.read() == {f"refused_{reason}": 3}


def test_a_flood_is_logged_once_per_reason(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(50):
        desk.hear(f"nonsense/{number}", b"{}")
    assert len(caplog.records) == 1


def _until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)
