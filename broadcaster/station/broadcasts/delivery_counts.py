"""Broadcasts in lists: without their nodes one by one, but with how many of them are in which state."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.schema import Broadcast, Delivery

BARE = (lazyload(Broadcast.deliveries), lazyload(Broadcast.parts), lazyload(Broadcast.ordered_by))
"""Options of a query for lists: a year of broadcasts to a hundred nodes has more deliveries than any page can show."""


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """by_state: how many nodes of one broadcast are in each state."""

    by_state: dict[str, int] = field(default_factory=dict)

    @property
    def nodes(self) -> int:
        return sum(self.by_state.values())

    @property
    def played(self) -> int:
        return self.by_state.get(DeliveryState.PLAYED, 0)


def tallies(s: Session, broadcasts: Sequence[Broadcast]) -> dict[str, DeliveryCounts]:
    """The tally of each broadcast, by its id."""
    found = {broadcast.id: DeliveryCounts() for broadcast in broadcasts}
    counted = (
        select(Delivery.broadcast_id, Delivery.state, func.count())
        .where(Delivery.broadcast_id.in_(found))
        .group_by(Delivery.broadcast_id, Delivery.state)
    )
    for broadcast_id, state, count in s.execute(counted):
        found[broadcast_id].by_state[state] = count
    return found
