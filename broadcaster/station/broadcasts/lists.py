"""Broadcasts as lists and calendars show them: bare, without the deliveries and parts that their own pages load.

Repetitions still to come and test tones are in no list; the alarm's story and the node's page tell of them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.broadcasts.delivery_counts import BARE
from broadcaster.station.broadcasts.repetitions import awaited, unheard_rounds
from broadcaster.station.broadcasts.test_tones import are_chirps
from broadcaster.station.schema import Announcement, Broadcast, Delivery, Occurrence
from broadcaster.station.vocabulary.states import BroadcastState

LATE = timedelta(seconds=10)
"""For the last receipt of a node on a slow link."""


def on_air(s: Session, *, now_at: datetime, most: int) -> list[Broadcast]:
    """What sounds now on some node, the earliest first: what has ended everywhere and only waits for nodes that are cut
    off is not among it."""
    playing = Broadcast.deliveries.any(Delivery.state == DeliveryState.PLAYING)
    begun = _bare(
        s, select(Broadcast).where(Broadcast.state == BroadcastState.ON_AIR, playing).order_by(Broadcast.start_at)
    )
    last = _last_starts(s, [each.id for each in begun])
    return [each for each in begun if _sounds(each, last.get(each.id), now_at)][:most]


def sounds_until(s: Session, broadcast: Broadcast) -> datetime:
    """When its last node is done with what it plays now."""
    last_at = _last_starts(s, [broadcast.id]).get(broadcast.id)
    return (last_at or broadcast.start_at) + timedelta(milliseconds=broadcast.duration_ms)


def _last_starts(s: Session, ids: Sequence[str]) -> dict[str, datetime]:
    """When the last node that plays it still began, by the broadcast's id."""
    playing = (Delivery.broadcast_id.in_(ids), Delivery.state == DeliveryState.PLAYING)
    began = select(Delivery.broadcast_id, Delivery.started_at).where(*playing, Delivery.started_at.is_not(None))
    found: dict[str, datetime] = {}
    for broadcast_id, started_at in s.execute(began.order_by(Delivery.started_at)):
        if started_at is not None:
            found[broadcast_id] = started_at
    return found


def _sounds(broadcast: Broadcast, last_at: datetime | None, now_at: datetime) -> bool:
    """A node that lost its link while it played has said its last sample by now, whatever it will state later."""
    return now_at < (last_at or broadcast.start_at) + timedelta(milliseconds=broadcast.duration_ms) + LATE


def ordered_lately(s: Session, announcement: Announcement, *, after_at: datetime) -> Broadcast | None:
    """The newest order of it to be broadcast at once since then that was not called off."""
    mine = select(Broadcast).where(
        Broadcast.announcement_id == announcement.id,
        Broadcast.live.is_(True),
        Broadcast.created_at > after_at,
        Broadcast.state != BroadcastState.CANCELLED,
    )
    found = _bare(s, mine.order_by(Broadcast.created_at.desc()).limit(1))
    return found[0] if found else None


def of_announcement(s: Session, announcement: Announcement, *, most: int) -> list[Broadcast]:
    """Latest start first."""
    mine = select(Broadcast).where(Broadcast.announcement_id == announcement.id, ~awaited(), ~unheard_rounds())
    return _bare(s, mine.order_by(Broadcast.start_at.desc()).limit(most))


def of_occurrence(s: Session, occurrence: Occurrence) -> list[Broadcast]:
    """What a date of a slot was frozen into, in order; what was called off is left out."""
    mine = select(Broadcast).where(
        Broadcast.occurrence_id == occurrence.id, Broadcast.state != BroadcastState.CANCELLED
    )
    return _bare(s, mine.order_by(Broadcast.start_at))


def between(
    s: Session, from_at: datetime, until_at: datetime, *, nodes: Collection[str] | None = None
) -> list[Broadcast]:
    """Begins at ``from_at`` or later and before ``until_at``, in order; on some of these nodes, or on any."""
    chosen = select(Broadcast).where(
        Broadcast.start_at >= from_at,
        Broadcast.start_at < until_at,
        Broadcast.state != BroadcastState.CANCELLED,
        ~awaited(),
        ~are_chirps(),
    )
    if nodes is not None:
        chosen = chosen.where(Broadcast.deliveries.any(Delivery.node_id.in_(nodes)))
    return _bare(s, chosen.order_by(Broadcast.start_at))


def recent_emergencies(s: Session, *, drill: bool, after_at: datetime, most: int) -> list[Broadcast]:
    """Real ones, or drills, that began after an instant; of an alarm that repeats its first. Latest start first."""
    chosen = select(Broadcast).where(
        Broadcast.broadcast_class == BroadcastClass.EMERGENCY,
        Broadcast.drill.is_(drill),
        Broadcast.start_at > after_at,
        Broadcast.repeat_of_id.is_(None),
        Broadcast.state != BroadcastState.CANCELLED,
    )
    return _bare(s, chosen.order_by(Broadcast.start_at.desc()).limit(most))


def of_node(s: Session, node_id: str, *, most: int) -> list[tuple[Delivery, Broadcast]]:
    """What one node was to play, latest start first."""
    latest = (
        select(Delivery, Broadcast)
        .join(Broadcast, Delivery.broadcast_id == Broadcast.id)
        .where(Delivery.node_id == node_id)
        .order_by(Broadcast.start_at.desc())
        .limit(most)
        .options(*BARE)
    )
    return [(delivery, broadcast) for delivery, broadcast in s.execute(latest)]


def deliveries_of(s: Session, broadcasts: Collection[str]) -> dict[str, list[Delivery]]:
    """The deliveries of these broadcasts by the broadcast's id, in the order of the nodes' ids."""
    found: dict[str, list[Delivery]] = {}
    chosen = select(Delivery).where(Delivery.broadcast_id.in_(broadcasts)).options(lazyload(Delivery.broadcast))
    for delivery in s.scalars(chosen.order_by(Delivery.node_id)).unique():
        found.setdefault(delivery.broadcast_id, []).append(delivery)
    return found


def nodes_reached(s: Session, broadcasts: Sequence[str]) -> dict[str, frozenset[str]]:
    """Ids of the nodes of each broadcast, by its id."""
    if not broadcasts:
        return {}
    found: dict[str, set[str]] = {}
    chosen = select(Delivery.broadcast_id, Delivery.node_id).where(Delivery.broadcast_id.in_(broadcasts))
    for broadcast_id, node_id in s.execute(chosen):
        found.setdefault(broadcast_id, set()).add(node_id)
    return {broadcast_id: frozenset(nodes) for broadcast_id, nodes in found.items()}


def _bare(s: Session, chosen: Select[Any]) -> list[Broadcast]:
    return list(s.scalars(chosen.options(*BARE)).unique())
