"""Broadcasts: ordering one, finding them, cancelling them. Whatever asks for one, it goes through here."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station.announcements import steps as announcement_steps
from broadcaster.station.announcements.decisions import lock
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.broadcasts import repetitions as repeating
from broadcaster.station.broadcasts.freezing import STANDARD, BroadcastPlan, Timing, freeze
from broadcaster.station.broadcasts.leads import lead
from broadcaster.station.broadcasts.may_sound import check_may_sound
from broadcaster.station.broadcasts.outcomes import settle
from broadcaster.station.broadcasts.steps import BroadcastStep, require_step
from broadcaster.station.schema import Announcement, Broadcast, Node, Person
from broadcaster.station.units.units import nodes_of, require_in
from broadcaster.station.vocabulary.pages import SIZE, Page, page_of
from broadcaster.station.vocabulary.states import BroadcastState

__all__ = ["broadcast_now", "cancel", "check_may_sound", "get", "listing", "settle"]

LATE = timedelta(seconds=30)
"""A start this little in the past is "now": the order was on its way."""
FAR = timedelta(days=366)


def broadcast_now(
    s: Session,
    *,
    announcement: Announcement,
    by: Person,
    now_at: datetime,
    start_at: datetime | None = None,
    key: str | None = None,
    timing: Timing = STANDARD,
) -> Broadcast:
    """Air an approved announcement at once, or at ``start_at``. The same ``key`` never makes a second broadcast.

    Raises Invalid(field="start_at") for a start in the past, Conflict when it is not approved as it stands, its zones
    have no node, a stop-all is in force, or an emergency needs two people; NotAllowed.
    """
    current = lock(s, announcement)
    require_in(s, current.zones, by=by, permission="broadcast")
    before = ordered_before(s, current, key)
    if before is not None:
        return before
    announcement_steps.require_step(s, announcement_steps.Step.BROADCAST, current, by)
    nodes = _nodes(s, current)
    earliest_at = now_at + lead(s, nodes, current, now_at=now_at, timing=timing)
    live = start_at is None or _check_start(start_at, now_at) <= earliest_at
    begin_at = earliest_at if live or start_at is None else start_at
    check_may_sound(s, current, begin_at)
    plan = BroadcastPlan(start_at=begin_at, nodes=nodes, live=live, key=key)
    return freeze(s, current, plan, by=by, now_at=now_at, timing=timing)


def cancel(s: Session, *, broadcast: Broadcast, by: Person, now_at: datetime) -> None:
    """Take it off every agenda, before it starts or while it plays. Raises Conflict when it is over.

    What is repeated until an all-clear ends as a whole.
    """
    current = next(each for each in repeating.lock(s, broadcast) if each.id == broadcast.id)
    require_step(s, BroadcastStep.CANCEL, current, by, now_at=now_at)
    cancel_one(s, current, by=by, now_at=now_at)
    repeating.end(s, current, by=by, now_at=now_at)


def get(s: Session, broadcast_id: str) -> Broadcast:
    """Raises NotFound."""
    broadcast = s.get(Broadcast, broadcast_id)
    if broadcast is None:
        raise NotFound("broadcast.not_found")
    return broadcast


def listing(
    s: Session,
    *,
    announcement: Announcement | None = None,
    state: str | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
    page: int = 1,
    size: int = SIZE,
) -> Page[Broadcast]:
    """Latest start first; ``from_at`` included, ``until_at`` not."""
    chosen = select(Broadcast).order_by(Broadcast.start_at.desc(), Broadcast.id)
    if announcement is not None:
        chosen = chosen.where(Broadcast.announcement_id == announcement.id)
    if state is not None:
        chosen = chosen.where(Broadcast.state == BroadcastState(state))
    if from_at is not None:
        chosen = chosen.where(Broadcast.start_at >= from_at)
    if until_at is not None:
        chosen = chosen.where(Broadcast.start_at < until_at)
    return page_of(s, chosen, page=page, size=size)


def ordered_before(s: Session, announcement: Announcement, key: str | None) -> Broadcast | None:
    """What this order made already, if it is a repetition. Raises Invalid, or Conflict for a key used elsewhere."""
    if key is None:
        return None
    if not 1 <= len(key) <= 120 or not key.isprintable():
        raise Invalid("broadcast.key_malformed", field="key")
    found = s.scalar(select(Broadcast).where(Broadcast.requested_key == key))
    if found is not None and found.announcement_id != announcement.id:
        raise Conflict("broadcast.key_used", field="key")
    return found


def _check_start(start_at: datetime, now_at: datetime) -> datetime:
    if start_at.tzinfo is None:
        raise Invalid("broadcast.start_without_timezone", field="start_at")
    if start_at < now_at - LATE:
        raise Invalid("broadcast.start_past", field="start_at")
    if start_at > now_at + FAR:
        raise Invalid("broadcast.start_too_far", field="start_at")
    return start_at


def _nodes(s: Session, announcement: Announcement) -> list[Node]:
    nodes = nodes_of(s, announcement.zones)
    if not nodes:
        raise Conflict("broadcast.no_nodes", field="zones")
    return nodes
