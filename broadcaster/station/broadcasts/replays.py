"""Phát lại: the same words once more, only on the nodes that did not say all of them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.announcements.decisions import lock
from broadcaster.station.announcements.steps import still_sealed
from broadcaster.station.broadcasts.broadcasts import check_may_sound, ordered_before
from broadcaster.station.broadcasts.freezing import STANDARD, BroadcastPlan, Timing, freeze
from broadcaster.station.people.roles import require
from broadcaster.station.schema import Announcement, Broadcast, Node, Person
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState

SHORT = (DeliveryState.INTERRUPTED, DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.EXPIRED)
OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)


def unheard(broadcast: Broadcast) -> list[Node]:
    """The nodes in service whose people did not hear all of it; none while it is still under way or called off."""
    if broadcast.state in OPEN or broadcast.state is BroadcastState.CANCELLED or broadcast.announcement_id is None:
        return []
    return [each.node for each in broadcast.deliveries if each.state in SHORT and each.node.revoked_at is None]


def air_again(
    s: Session, *, broadcast: Broadcast, by: Person, now_at: datetime, key: str | None = None, timing: Timing = STANDARD
) -> Broadcast:
    """Air it now where it was not heard. The same ``key`` never makes a second broadcast.

    Raises Conflict when there is nothing to air again, when the announcement is no longer what was approved then, or
    when it may not sound now; NotAllowed.
    """
    nodes = unheard(broadcast)
    for unit_id in {node.unit_id for node in nodes}:
        require(s, by, "broadcast", unit_id)
    if broadcast.broadcast_class is BroadcastClass.EMERGENCY:
        raise Conflict("broadcast.again_emergency")
    if not nodes or broadcast.announcement_id is None:
        raise Conflict("broadcast.again_needless")
    current = lock(s, s.get_one(Announcement, broadcast.announcement_id))
    before = ordered_before(s, current, key)
    if before is not None:
        return before
    same = current.content_hash == broadcast.content_hash and still_sealed(current)
    if current.state is not AnnouncementState.APPROVED or not same:
        raise Conflict("broadcast.again_changed")
    begin_at = now_at + timedelta(seconds=timing.lead_seconds)
    check_may_sound(s, current, begin_at)
    plan = BroadcastPlan(start_at=begin_at, nodes=nodes, live=True, key=key)
    return freeze(s, current, plan, by=by, now_at=now_at, timing=timing)
