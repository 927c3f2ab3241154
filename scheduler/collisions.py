"""Priority announcements that want the same nodes at the same time, whatever slot or order they come from.

Circular 39/2020 leaves the order to the commune. It is kept with the broadcasts and obeyed on the nodes: what comes
later in it waits until what is before it is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Broadcast, Person
from broadcaster.station.vocabulary.states import BroadcastState

AHEAD = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Collision:
    """broadcasts: in the order they will sound, as things stand; nodes: ids of the nodes two of them want."""

    broadcasts: tuple[Broadcast, ...]
    nodes: frozenset[str]

    @property
    def decided(self) -> bool:
        """Whether somebody has put all of them into an order."""
        return all(each.ordering > 0 for each in self.broadcasts)


def collisions(s: Session, *, now_at: datetime, ahead: timedelta = AHEAD) -> list[Collision]:
    """Every group of priority broadcasts still to come that get in each other's way, the earliest first."""
    chosen = select(Broadcast).where(
        Broadcast.state == BroadcastState.SCHEDULED,
        Broadcast.broadcast_class == BroadcastClass.PRIORITY,
        Broadcast.start_at > now_at,
        Broadcast.start_at <= now_at + ahead,
    )
    coming = list(s.scalars(chosen.order_by(Broadcast.start_at, Broadcast.id)).unique())
    return [_collision(group) for group in _groups(coming) if len(group) > 1]


def decide(s: Session, broadcast_ids: Sequence[str], *, by: Person, now_at: datetime) -> Collision:
    """Put everything in one collision into this order.

    Raises Conflict when they do not collide any more, Invalid unless each is named once, or NotAllowed.
    """
    found = [each for each in collisions(s, now_at=now_at) if {one.id for one in each.broadcasts} & set(broadcast_ids)]
    if len(found) != 1:
        raise Conflict("collision.gone")
    there = {each.id: each for each in found[0].broadcasts}
    if sorted(broadcast_ids) != sorted(there):
        raise Invalid("collision.order_incomplete", field="broadcasts")
    require_decider(s, found[0], by)
    for place, broadcast_id in enumerate(broadcast_ids, start=1):
        there[broadcast_id].ordering = place
    details = {"broadcasts": list(broadcast_ids), "titles": [there[each].title for each in broadcast_ids]}
    subject = f"broadcast:{broadcast_ids[0]}"
    audit.record(s, by=by, action="broadcasts.ordered", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "agendas")
    changes.bump(s, "slots")
    return _collision(list(there.values()))


def require_decider(s: Session, collision: Collision, person: Person) -> None:
    """Raises NotAllowed unless the person lays down the times wherever one of the broadcasts sounds."""
    for unit_id in {delivery.node.unit_id for each in collision.broadcasts for delivery in each.deliveries}:
        require(s, person, "schedule", unit_id)


def _groups(coming: Sequence[Broadcast]) -> list[list[Broadcast]]:
    """Those linked by meeting each other, one by one or through others between them."""
    groups: list[list[Broadcast]] = []
    for each in coming:
        met = [group for group in groups if any(_meet(each, other) for other in group)]
        joined = [one for group in met for one in group] + [each]
        groups = [group for group in groups if group not in met] + [joined]
    return groups


def _meet(one: Broadcast, other: Broadcast) -> bool:
    apart = _end_at(one) <= other.start_at or _end_at(other) <= one.start_at
    return not apart and bool(_nodes(one) & _nodes(other))


def _collision(group: Iterable[Broadcast]) -> Collision:
    ordered = sorted(group, key=lambda each: (each.ordering, each.start_at, each.id))
    wanted = [node for each in ordered for node in _nodes(each)]
    return Collision(tuple(ordered), frozenset(node for node in wanted if wanted.count(node) > 1))


def _end_at(broadcast: Broadcast) -> datetime:
    return broadcast.start_at + timedelta(milliseconds=broadcast.duration_ms)


def _nodes(broadcast: Broadcast) -> set[str]:
    return {delivery.node_id for delivery in broadcast.deliveries}
