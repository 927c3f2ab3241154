"""What the publisher asks of a broker, and when."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.delivery.clips.stock import Stock
from broadcaster.delivery.clips.uploads import Uploads
from broadcaster.delivery.connection import Connection
from broadcaster.delivery.counters import DeliveryCounters
from broadcaster.delivery.issued import Issue
from broadcaster.delivery.issuing import Issuer, WantedAgendas
from broadcaster.delivery.postings import Postings
from broadcaster.delivery.publisher import Outlets, Publisher
from broadcaster.protocol.agenda import ClipRef

STATION = "con-minh"


class Line(Connection):
    """A connection that comes and goes as it is told, and remembers what was asked on it."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.asked: list[tuple[int, str]] = []

    @property
    def connected(self) -> bool:
        return self.number is not None

    @property
    def session(self) -> int | None:
        return self.number

    def acknowledged(self) -> list[int]:
        return []

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> int | None:
        raise AssertionError("there is nothing to say")

    def subscribe(self, topic_filter: str, *, qos: int = 0) -> int | None:
        assert self.number is not None
        self.asked.append((self.number, topic_filter.removeprefix(f"loa/1/{STATION}/")))
        return len(self.asked)


class NoOrders(Issuer):
    """Of a commune without nodes."""

    def __init__(self) -> None:
        pass

    def counters(self) -> dict[str, int]:
        return {}

    def sounding(self) -> list[tuple[ClipRef, float]]:
        return []

    def refresh(self, on_issued: Callable[[Mapping[str, Issue]], None] = lambda _issues: None) -> WantedAgendas:
        return WantedAgendas({}, {}, ())


def test_every_session_is_asked_once_what_the_broker_holds_and_none_before_it_stands(tmp_path: Path) -> None:
    line, tally = Line(), DeliveryCounters()
    stock = Stock(line, Uploads(station=STATION, path_of=lambda sha: tmp_path / sha), station=STATION, tally=tally)
    publisher = Publisher(
        NoOrders(),
        line,
        stock,
        Postings(line, stock, station=STATION, tally=tally),
        outlets=Outlets(in_use=set, on_credentials=lambda _accounts: None),
        clock=lambda: datetime.now(UTC),
        reconcile_seconds=1800,
    )
    for number in (None, 1, 1, None, None, 2, 2):
        line.number = number
        publisher.step()
    assert line.asked == [(n, what) for n in (1, 2) for what in ("clips/#", "nodes/+/agenda")]
