"""Phát lại: the same words once more, only on the nodes that did not say all of them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.announcements.decisions import lock
from broadcaster.station.broadcasts.broadcasts import ordered_before
from broadcaster.station.broadcasts.freezing import STANDARD, BroadcastPlan, Content, Timing, freeze, freeze_content
from broadcaster.station.broadcasts.leads import lead
from broadcaster.station.broadcasts.may_sound import check_may_sound
from broadcaster.station.broadcasts.steps import BroadcastStep, recording_of, require_on, require_step, unheard
from broadcaster.station.schema import Announcement, Broadcast, Person

__all__ = ["air_again", "unheard"]


def air_again(
    s: Session, *, broadcast: Broadcast, by: Person, now_at: datetime, key: str | None = None, timing: Timing = STANDARD
) -> Broadcast:
    """Air it now where it was not heard. The same ``key`` never makes a second broadcast.

    Raises Conflict when there is nothing to air again, when the announcement is no longer what was approved then, or
    when it may not sound now; NotAllowed.
    """
    nodes = unheard(broadcast)
    require_on(s, nodes or [each.node for each in broadcast.deliveries], by)
    before = _ordered_before(s, broadcast, key)
    if before is not None:
        return before
    require_step(s, BroadcastStep.AGAIN, broadcast, by, now_at=now_at)
    recording = recording_of(broadcast)
    if recording is not None:
        begin_at = now_at + timedelta(seconds=timing.lead_seconds)
        plan = BroadcastPlan(start_at=begin_at, nodes=nodes, live=True, key=key)
        return freeze_content(s, _content(broadcast, recording), plan, by=by, now_at=now_at, timing=timing)
    current = s.get_one(Announcement, broadcast.announcement_id)
    begin_at = now_at + lead(s, nodes, current, now_at=now_at, timing=timing)
    check_may_sound(s, current, begin_at)
    plan = BroadcastPlan(start_at=begin_at, nodes=nodes, live=True, key=key)
    return freeze(s, current, plan, by=by, now_at=now_at, timing=timing)


def _ordered_before(s: Session, broadcast: Broadcast, key: str | None) -> Broadcast | None:
    """From here on nobody else changes the announcement."""
    if broadcast.announcement_id is None:
        found = s.scalars(select(Broadcast).where(Broadcast.requested_key == key)).unique().one_or_none()
        return found if key else None
    return ordered_before(s, lock(s, s.get_one(Announcement, broadcast.announcement_id)), key)


def _content(broadcast: Broadcast, recording: str) -> Content:
    """What was sent live, exactly."""
    return Content(
        announcement_id=None,
        title=broadcast.title,
        script=broadcast.script,
        broadcast_class=broadcast.broadcast_class,
        drill=broadcast.drill,
        clip_sha256=recording,
        content_hash=broadcast.content_hash,
    )
