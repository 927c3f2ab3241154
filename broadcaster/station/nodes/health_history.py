"""What is kept of the nodes' health: thinned while it comes in, forgotten after a quarter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from broadcaster.station.rows.inserting import insert_many_once
from broadcaster.station.rows.key_batches import portions
from broadcaster.station.schema import HealthSample, Node, NodeState

EVERY = timedelta(minutes=10)
"""A node that stays as it is leaves one sample in so long."""
AT_CHANGE = timedelta(minutes=1)
"""A node that comes and goes leaves one in so long."""
LOST = timedelta(minutes=25)
"""Without a sample for so long nobody knows that it was there."""
HISTORY = timedelta(days=90)

_MEASURED = ("temperature_celsius", "free_bytes", "signal_percent", "bytes_this_month", "under_voltage")


class Sample(NamedTuple):
    """One row of ``schema.HealthSample``; a quarter has thousands, so no more than a tuple each."""

    at: datetime
    online: bool
    temperature_celsius: float | None
    free_bytes: int | None
    signal_percent: int | None
    clock_error_ms: int | None
    bytes_this_month: int | None


@dataclass(frozen=True, slots=True)
class NodeSnapshot:
    """How a node is just now.

    health, clock_error_ms: as in ``schema.NodeState``.
    at: when it was heard; None when it was not.
    """

    node_id: str
    online: bool
    health: Mapping[str, Any]
    clock_error_ms: int | None
    at: datetime | None

    def row(self) -> dict[str, Any]:
        """As a sample; what is gone measures nothing."""
        measured = {name: self.health.get(name) if self.online else None for name in _MEASURED}
        clock = self.clock_error_ms if self.online else None
        return {"node_id": self.node_id, "at": self.at, "online": self.online, "clock_error_ms": clock, **measured}


@dataclass(frozen=True, slots=True)
class HealthDay:
    """One local day of a node; None where nothing was measured.

    online_percent: of the time of that day that has passed.
    hottest_celsius, least_free_bytes, weakest_signal_percent, worst_clock_ms: the extremes.
    used_bytes: over the link.
    """

    on: date
    online_percent: int
    hottest_celsius: float | None
    least_free_bytes: int | None
    weakest_signal_percent: int | None
    worst_clock_ms: int | None
    used_bytes: int | None


def note_all(s: Session, seen: Sequence[NodeSnapshot]) -> None:
    """Keep how these nodes are, unless that is known well enough."""
    last = _newest(s, [each.node_id for each in seen])
    rows = [each.row() for each in seen if not _is_known(each, last.get(each.node_id))]
    if rows:
        insert_many_once(s, HealthSample, rows)


def _is_known(seen: NodeSnapshot, last: tuple[datetime, bool] | None) -> bool:
    if last is None or seen.at is None:
        return seen.at is None
    at, online = last
    return seen.at - at < (EVERY if online == seen.online else AT_CHANGE)


def _newest(s: Session, nodes: Sequence[str]) -> dict[str, tuple[datetime, bool]]:
    """Instant and presence of the last sample of each; one look into the index a node, however many samples it has."""
    found: dict[str, tuple[datetime, bool]] = {}
    other = aliased(HealthSample)
    newest = select(func.max(other.at)).where(other.node_id == NodeState.node_id).scalar_subquery()
    chosen = select(HealthSample.node_id, HealthSample.at, HealthSample.online).join(
        NodeState, (NodeState.node_id == HealthSample.node_id) & (HealthSample.at == newest)
    )
    for some in portions(sorted(nodes)):
        rows = s.execute(chosen.where(NodeState.node_id.in_(some)))
        found.update((node_id, (at, online)) for node_id, at, online in rows)
    return found


def since(s: Session, *, node: Node, from_at: datetime) -> list[Sample]:
    """The samples of a node from an instant on, the oldest first."""
    chosen = select(*(getattr(HealthSample, name) for name in Sample._fields))
    mine = chosen.where(HealthSample.node_id == node.id, HealthSample.at >= from_at)
    return [Sample._make(row) for row in s.execute(mine.order_by(HealthSample.at))]


def forget(s: Session, *, now_at: datetime) -> None:
    """What is older than a quarter goes."""
    s.execute(delete(HealthSample).where(HealthSample.at < now_at - HISTORY))


def presence(samples: Sequence[Sample], *, until_at: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches in which the node was there, as far as anybody knows."""
    stretches: list[tuple[datetime, datetime]] = []
    ends = [*(sample.at for sample in samples), until_at][1:]
    for sample, next_at in zip(samples, ends, strict=True):
        if not sample.online:
            continue
        end_at = min(next_at, sample.at + LOST)
        if stretches and stretches[-1][1] >= sample.at:
            stretches[-1] = (stretches[-1][0], end_at)
        elif end_at > sample.at:
            stretches.append((sample.at, end_at))
    return stretches


def days(samples: Sequence[Sample], *, from_at: datetime, now_at: datetime, zone: tzinfo) -> list[HealthDay]:
    """The same day by day, the latest first; the first day counts from ``from_at``."""
    by_day: dict[date, list[Sample]] = {}
    for sample in samples:
        by_day.setdefault(sample.at.astimezone(zone).date(), []).append(sample)
    there = presence(samples, until_at=now_at)
    used = _used(samples, zone)
    bounds = (from_at.astimezone(zone), now_at)
    return [
        _day(on, by_day[on], there=there, used_bytes=used.get(on), bounds=bounds) for on in sorted(by_day, reverse=True)
    ]


def known(samples: Iterable[Sample], name: str) -> list[Any]:
    """What was measured of one thing."""
    return [value for sample in samples if (value := getattr(sample, name)) is not None]


def _day(
    on: date,
    samples: Iterable[Sample],
    *,
    there: Sequence[tuple[datetime, datetime]],
    used_bytes: int | None,
    bounds: tuple[datetime, datetime],
) -> HealthDay:
    midnight = datetime.combine(on, datetime.min.time(), bounds[0].tzinfo)
    begin_at, end_at = max(midnight, bounds[0]), min(midnight + timedelta(days=1), bounds[1])
    online = sum((max(timedelta(), min(end, end_at) - max(begin, begin_at)) for begin, end in there), timedelta())
    measured = list(samples)
    return HealthDay(
        on=on,
        online_percent=round(100 * online / max(end_at - begin_at, timedelta(seconds=1))),
        hottest_celsius=max(known(measured, "temperature_celsius"), default=None),
        least_free_bytes=min(known(measured, "free_bytes"), default=None),
        weakest_signal_percent=min(known(measured, "signal_percent"), default=None),
        worst_clock_ms=max(known(measured, "clock_error_ms"), default=None),
        used_bytes=used_bytes,
    )


def _used(samples: Sequence[Sample], zone: tzinfo) -> dict[date, int]:
    """Bytes by local day, from a counter that begins again with every month."""
    used: dict[date, int] = {}
    before: int | None = None
    for sample in samples:
        if sample.bytes_this_month is None:
            continue
        if before is not None:
            grown = sample.bytes_this_month - before
            on = sample.at.astimezone(zone).date()
            used[on] = used.get(on, 0) + (grown if grown >= 0 else sample.bytes_this_month)
        before = sample.bytes_this_month
    return used
