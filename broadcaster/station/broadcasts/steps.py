"""What a person may do with a broadcast now: the act asks it, and its page and the API show it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.announcements.steps import still_sealed
from broadcaster.station.broadcasts.may_sound import check_may_sound, check_recording_may_sound
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import Announcement, Broadcast, Delivery, Node, Person
from broadcaster.station.vocabulary.lifecycles import BROADCAST, move
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState

SHORT = (DeliveryState.INTERRUPTED, DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.EXPIRED)
MOST_LOST = 20
"""Of live sound so small a part may be lost before it counts as not heard."""
OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)


class BroadcastStep(StrEnum):
    """One thing to do with a broadcast. CANCEL: take it off the air; AGAIN: air it where it was not heard whole."""

    CANCEL = "cancel"
    AGAIN = "again"


def steps(s: Session, broadcast: Broadcast, person: Person, *, now_at: datetime) -> frozenset[BroadcastStep]:
    """All that this person may do with it now."""
    return permitted(BroadcastStep, partial(_require, s, broadcast, person, now_at))


def require_step(s: Session, step: BroadcastStep, broadcast: Broadcast, person: Person, *, now_at: datetime) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    if step is BroadcastStep.CANCEL:
        require_on(s, [delivery.node for delivery in broadcast.deliveries], person)
        move(BROADCAST, broadcast.state, BroadcastState.CANCELLED)
    else:
        require_on(s, unheard(broadcast) or [delivery.node for delivery in broadcast.deliveries], person)
        _require_again(s, broadcast, now_at)


def unheard(broadcast: Broadcast) -> list[Node]:
    """The nodes in service whose people did not hear all of it; none while it is still under way or called off."""
    if broadcast.state in OPEN or broadcast.state is BroadcastState.CANCELLED or not _can_sound_again(broadcast):
        return []
    return [each.node for each in broadcast.deliveries if _fell_short(each) and each.node.revoked_at is None]


def recording_of(broadcast: Broadcast) -> str | None:
    """The clip of what was sent live; None when it was not live, or nothing was said."""
    if broadcast.live_session_id is None or len(broadcast.parts) < 2:
        return None
    return broadcast.parts[1].sha256


def _can_sound_again(broadcast: Broadcast) -> bool:
    return broadcast.announcement_id is not None or recording_of(broadcast) is not None


def _fell_short(delivery: Delivery) -> bool:
    """Not played whole; of live sound, one part in twenty was lost."""
    whole_ms = delivery.played_ms + delivery.lost_ms
    return delivery.state in SHORT or delivery.lost_ms * MOST_LOST > whole_ms


def require_on(s: Session, nodes: Iterable[Node], person: Person) -> None:
    """Raises NotAllowed unless the person broadcasts on each of these nodes; without any, in the whole commune."""
    units: set[str | None] = {node.unit_id for node in nodes}
    for unit_id in units or {None}:
        require(s, person, Permission.BROADCAST, unit_id)


def _require_again(s: Session, broadcast: Broadcast, now_at: datetime) -> None:
    if broadcast.broadcast_class is BroadcastClass.EMERGENCY:
        raise Conflict("broadcast.again_emergency")
    if not unheard(broadcast):
        raise Conflict("broadcast.again_needless")
    if broadcast.announcement_id is None:
        check_recording_may_sound(s, broadcast, recording_of(broadcast), now_at)
        return
    announcement = s.get_one(Announcement, broadcast.announcement_id)
    same = announcement.content_hash == broadcast.content_hash and still_sealed(announcement)
    if announcement.state is not AnnouncementState.APPROVED or not same:
        raise Conflict("broadcast.again_changed")
    check_may_sound(s, announcement, now_at)


def _require(s: Session, broadcast: Broadcast, person: Person, now_at: datetime, step: BroadcastStep) -> None:
    require_step(s, step, broadcast, person, now_at=now_at)
