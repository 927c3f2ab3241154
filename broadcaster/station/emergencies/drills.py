"""A drill waits for what sounds, unless it was told to cut it; what an emergency cut is offered again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.broadcasts import lists, replays
from broadcaster.station.broadcasts.freezing import PAUSE_BETWEEN
from broadcaster.station.schema import Broadcast, Delivery

OFFERED_FOR = timedelta(hours=6)
"""So long after it was cut a broadcast is offered again."""
_MOST_IN_A_ROW = 50
_CUT = f"receipt.{ReasonCode.EMERGENCY_FIRST}"


def free_at(s: Session, *, nodes: Collection[str], length: timedelta, now_at: datetime) -> datetime:
    """When these nodes are done with what sounds now and with what follows it too closely for ``length`` between."""
    sounding = lists.on_air(s, now_at=now_at, most=50)
    reached = lists.nodes_reached(s, [each.id for each in sounding])
    ends = [lists.sounds_until(s, each) for each in sounding if reached.get(each.id, frozenset()) & set(nodes)]
    free = max(ends, default=now_at)
    for each in lists.between(s, now_at, free + timedelta(hours=2), nodes=list(nodes))[:_MOST_IN_A_ROW]:
        planned = each.state == "scheduled" and each.broadcast_class is not BroadcastClass.EMERGENCY
        if planned and each.start_at < free + length:
            free = max(free, each.start_at + timedelta(milliseconds=each.duration_ms))
    return free + PAUSE_BETWEEN if free > now_at else now_at


def cut_lately(s: Session, *, now_at: datetime) -> list[Broadcast]:
    """Broadcasts that an emergency or a drill cut and that were not aired again since; the newest first."""
    cut = select(Delivery.broadcast_id, Delivery.reason).where(
        Delivery.state == DeliveryState.INTERRUPTED, Delivery.updated_at > now_at - OFFERED_FOR
    )
    ids = {broadcast_id for broadcast_id, reason in s.execute(cut) if reason is not None and reason.code == _CUT}
    chosen = select(Broadcast).where(Broadcast.id.in_(ids), Broadcast.broadcast_class != BroadcastClass.EMERGENCY)
    found = s.scalars(chosen.order_by(Broadcast.start_at.desc())).unique()
    return [each for each in found if replays.unheard(each) and not _aired_since(s, each)]


def _aired_since(s: Session, broadcast: Broadcast) -> bool:
    later = select(Broadcast.id).where(
        Broadcast.announcement_id == broadcast.announcement_id,
        Broadcast.content_hash == broadcast.content_hash,
        Broadcast.live.is_(True),
        Broadcast.start_at > broadcast.start_at,
    )
    return s.scalar(later.limit(1)) is not None
