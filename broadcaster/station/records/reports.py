"""A month in figures: the book of what was broadcast, and how each node did. Built from receipts alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts.test_tones import are_chirps
from broadcaster.station.schema import Broadcast, Delivery, Node
from broadcaster.station.vocabulary.names import sort_key
from broadcaster.station.vocabulary.states import BroadcastState

UNPLAYED = (BroadcastState.SCHEDULED, BroadcastState.CANCELLED)
"""What is still to come, and what was called off, is in no book."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the book. nodes: asked to play it; played: did so in full."""

    broadcast: Broadcast
    nodes: int
    played: int


@dataclass(frozen=True, slots=True)
class NodeLine:
    """One node's month.

    asked: broadcasts it was to play; played: in full; cut: in part; lost: not at all.
    sounded_ms: sound that left it.
    """

    node: Node
    asked: int
    played: int
    cut: int
    lost: int
    sounded_ms: int

    @property
    def percent(self) -> int:
        """Of what it was asked, played in full."""
        return round(100 * self.played / self.asked) if self.asked else 0


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class of announcements. aired: broadcasts without drills; length_ms: of all of them together."""

    broadcast_class: str
    aired: int
    length_ms: int


@dataclass(frozen=True, slots=True)
class Month:
    """entries: in order of time; nodes: by name; classes: routine, priority, emergency."""

    entries: Sequence[LogEntry] = field(default_factory=tuple)
    nodes: Sequence[NodeLine] = field(default_factory=tuple)
    classes: Sequence[ClassLine] = field(default_factory=tuple)

    @property
    def asked(self) -> int:
        return sum(line.asked for line in self.nodes)

    @property
    def played(self) -> int:
        return sum(line.played for line in self.nodes)


def month(s: Session, *, from_at: datetime, until_at: datetime, units: set[str] | None = None) -> Month:
    """From one instant to another; with ``units`` only what was for nodes there, and only those nodes."""
    chosen = select(Broadcast.id).where(
        Broadcast.start_at >= from_at,
        Broadcast.start_at < until_at,
        Broadcast.state.not_in(UNPLAYED),
        ~are_chirps(),
    )
    rows = select(Delivery.broadcast_id, Delivery.node_id, Delivery.state, Delivery.played_ms)
    rows = rows.where(Delivery.broadcast_id.in_(chosen))
    if units is not None:
        rows = rows.join(Node, Node.id == Delivery.node_id).where(Node.unit_id.in_(units))
    found = rows.subquery()
    entries = _entries(s, _tally(s, found.c.broadcast_id, found.c.state))
    return Month(entries, _nodes(s, found), _classes(entries))


def _tally(s: Session, key: object, state: object) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name, each, count in s.execute(select(key, state, func.count()).group_by(key, state)):  # type: ignore[call-overload]
        found.setdefault(name, {})[each] = count
    return found


def _entries(s: Session, tally: dict[str, dict[str, int]]) -> list[LogEntry]:
    bare = (lazyload(Broadcast.deliveries), lazyload(Broadcast.parts))
    ids = list(tally)
    found: list[Broadcast] = []
    for at in range(0, len(ids), 500):
        found += s.scalars(select(Broadcast).where(Broadcast.id.in_(ids[at : at + 500])).options(*bare)).unique()
    found.sort(key=lambda broadcast: (broadcast.start_at, broadcast.ordering, broadcast.id))
    return [LogEntry(each, sum(tally[each.id].values()), tally[each.id].get(DeliveryState.PLAYED, 0)) for each in found]


def _nodes(s: Session, chosen: object) -> list[NodeLine]:
    columns = chosen.c  # type: ignore[attr-defined]
    grouped = select(columns.node_id, columns.state, func.count(), func.sum(columns.played_ms))
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for node_id, state, count, played_ms in s.execute(grouped.group_by(columns.node_id, columns.state)):
        counts.setdefault(node_id, {})[state] = (count, int(played_ms or 0))
    nodes = s.scalars(select(Node).where(Node.id.in_(counts)))
    return sorted((_node(node, counts[node.id]) for node in nodes), key=lambda line: sort_key(line.node.name))


def _node(node: Node, counts: dict[str, tuple[int, int]]) -> NodeLine:
    asked = sum(count for count, _ in counts.values())
    played = counts.get(DeliveryState.PLAYED, (0, 0))[0]
    cut = counts.get(DeliveryState.INTERRUPTED, (0, 0))[0]
    return NodeLine(node, asked, played, cut, asked - played - cut, sum(ms for _, ms in counts.values()))


def _classes(entries: Sequence[LogEntry]) -> list[ClassLine]:
    lines = []
    for kind in ("routine", "priority", "emergency"):
        real = (each.broadcast for each in entries if not each.broadcast.drill)
        mine = [broadcast for broadcast in real if broadcast.broadcast_class == kind]
        lines.append(ClassLine(kind, len(mine), sum(each.duration_ms for each in mine)))
    return lines
