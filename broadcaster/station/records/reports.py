"""A month in figures: the book of what was broadcast, and how each node did. Built from receipts alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts.outcomes import HEARD
from broadcaster.station.broadcasts.repetitions import unheard_rounds
from broadcaster.station.broadcasts.test_tones import are_chirps
from broadcaster.station.schema import Broadcast, Delivery, Node, NodeState
from broadcaster.station.vocabulary.names import sort_key
from broadcaster.station.vocabulary.states import BroadcastState

_ENDED_EARLY = (BroadcastState.CANCELLED,)


def _in_the_book() -> ColumnElement[bool]:
    """What is still to come is in no book, nor what was called off before anybody heard of it; what sounded is."""
    heard = Broadcast.deliveries.any(or_(Delivery.played_ms > 0, Delivery.state.in_(HEARD)))
    called_off = Broadcast.state.in_(_ENDED_EARLY) & ~heard
    return (Broadcast.state != BroadcastState.SCHEDULED) & ~called_off & ~unheard_rounds()


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the book. nodes: asked to play it; played: did so in full; sounded_ms: of the node that said most."""

    broadcast: Broadcast
    nodes: int
    played: int
    sounded_ms: int = 0

    @property
    def length_ms(self) -> int:
        """Its whole length, or as far as it came when it was called off."""
        whole = self.broadcast.duration_ms
        return min(whole, self.sounded_ms) if self.broadcast.state in _ENDED_EARLY else whole


@dataclass(frozen=True, slots=True)
class NodeLine:
    """One node's month.

    asked: broadcasts it was to play; played: in full; cut: in part; lost: not at all.
    sounded_ms: sound that left it.
    installed: whether it ever spoke to the station; one that did not counts in no rate.
    """

    node: Node
    asked: int
    played: int
    cut: int
    lost: int
    sounded_ms: int
    installed: bool = True

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
        """Of the nodes that are installed."""
        return sum(line.asked for line in self.nodes if line.installed)

    @property
    def played(self) -> int:
        """Of the nodes that are installed."""
        return sum(line.played for line in self.nodes if line.installed)


def month(s: Session, *, from_at: datetime, until_at: datetime, units: set[str] | None = None) -> Month:
    """From one instant to another; with ``units`` only what was for nodes there, and only those nodes."""
    chosen = select(Broadcast.id).where(
        Broadcast.start_at >= from_at,
        Broadcast.start_at < until_at,
        _in_the_book(),
        ~are_chirps(),
    )
    columns = (Delivery.broadcast_id, Delivery.node_id, Delivery.state, Delivery.played_ms, Delivery.sequence)
    rows = select(*columns)
    rows = rows.where(Delivery.broadcast_id.in_(chosen))
    if units is not None:
        rows = rows.join(Node, Node.id == Delivery.node_id).where(Node.unit_id.in_(units))
    found = rows.subquery()
    entries = _entries(s, found)
    return Month(entries, _nodes(s, found), _classes(entries))


def _entries(s: Session, chosen: object) -> list[LogEntry]:
    columns = chosen.c  # type: ignore[attr-defined]
    grouped = select(columns.broadcast_id, columns.state, func.count(), func.max(columns.played_ms))
    tally: dict[str, dict[str, int]] = {}
    longest: dict[str, int] = {}
    for name, state, count, played_ms in s.execute(grouped.group_by(columns.broadcast_id, columns.state)):
        tally.setdefault(name, {})[state] = count
        longest[name] = max(longest.get(name, 0), int(played_ms or 0))
    found = _broadcasts(s, list(tally))
    return [
        LogEntry(each, sum(tally[each.id].values()), tally[each.id].get(DeliveryState.PLAYED, 0), longest[each.id])
        for each in found
    ]


def _broadcasts(s: Session, ids: list[str]) -> list[Broadcast]:
    bare = (lazyload(Broadcast.deliveries), lazyload(Broadcast.parts))
    found: list[Broadcast] = []
    for at in range(0, len(ids), 500):
        found += s.scalars(select(Broadcast).where(Broadcast.id.in_(ids[at : at + 500])).options(*bare)).unique()
    return sorted(found, key=lambda broadcast: (broadcast.start_at, broadcast.ordering, broadcast.id))


def _nodes(s: Session, chosen: object) -> list[NodeLine]:
    columns = chosen.c  # type: ignore[attr-defined]
    grouped = select(columns.node_id, columns.state, func.count(), func.sum(columns.played_ms))
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    for node_id, state, count, played_ms in s.execute(grouped.group_by(columns.node_id, columns.state)):
        counts.setdefault(node_id, {})[state] = (count, int(played_ms or 0))
    nodes = s.scalars(select(Node).where(Node.id.in_(counts)))
    spoke = set(s.scalars(select(columns.node_id).where(columns.sequence >= 0).distinct()))
    spoke |= set(s.scalars(select(NodeState.node_id).where(NodeState.seen_at.is_not(None))))
    lines = (_node(node, counts[node.id], installed=node.id in spoke) for node in nodes)
    return sorted(lines, key=lambda line: sort_key(line.node.name))


def _node(node: Node, counts: dict[str, tuple[int, int]], *, installed: bool) -> NodeLine:
    asked = sum(count for count, _ in counts.values())
    played = counts.get(DeliveryState.PLAYED, (0, 0))[0]
    cut = counts.get(DeliveryState.INTERRUPTED, (0, 0))[0]
    return NodeLine(node, asked, played, cut, asked - played - cut, sum(ms for _, ms in counts.values()), installed)


def _classes(entries: Sequence[LogEntry]) -> list[ClassLine]:
    lines = []
    for kind in ("routine", "priority", "emergency"):
        real = (each for each in entries if not each.broadcast.drill)
        mine = [each for each in real if each.broadcast.broadcast_class == kind]
        lines.append(ClassLine(kind, len(mine), sum(each.length_ms for each in mine)))
    return lines
