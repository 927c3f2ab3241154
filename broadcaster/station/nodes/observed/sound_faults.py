"""Nodes whose sound device failed when they played last: connected, synchronised, and dumb."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.schema import Broadcast, Delivery

LOOKED_BACK = timedelta(days=3)
"""Nodes play every day; what failed before and was not played since was said long enough."""
OF_SOUND = frozenset(
    f"receipt.{code}"
    for code in (
        ReasonCode.DEVICE_FAILED,
        ReasonCode.DEVICE_STALLED,
        ReasonCode.SOUND_LIBRARY_MISSING,
        ReasonCode.PLAYER_FAILED,
    )
)
_FAILED = (DeliveryState.FAILED, DeliveryState.INTERRUPTED)


def by_node(s: Session, *, now_at: datetime) -> dict[str, Reason]:
    """Why, by the id of the node; a node that has played anything since is not among them."""
    since = Broadcast.start_at > now_at - LOOKED_BACK
    lately = (
        select(Delivery.node_id, Delivery.ended_at, Delivery.reason)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .where(since, Delivery.ended_at.is_not(None))
    )
    failed: dict[str, tuple[datetime, Reason]] = {}
    in_order = lately.order_by(Delivery.ended_at)
    for node_id, ended_at, reason in s.execute(in_order.where(Delivery.state.in_(_FAILED))):
        if ended_at is not None and reason is not None and reason.code in OF_SOUND:
            failed[node_id] = ended_at, reason
    if failed:
        played = in_order.where(Delivery.state == DeliveryState.PLAYED, Delivery.node_id.in_(failed))
        for node_id, ended_at, _reason in s.execute(played):
            if node_id in failed and ended_at is not None and failed[node_id][0] < ended_at:
                del failed[node_id]
    return {node_id: reason for node_id, (_ended_at, reason) in failed.items()}
