"""When an announcement shall be broadcast: asked for with the approval, and carried out by it.

Two people stay two people: the officer, who must hold the right to broadcast or schedule, says when; the approver
releases text, sound and time with one press, as one seal covers them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, LoaError
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import approvals
from broadcaster.station.announcements.decisions import lock
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.broadcasts.freezing import STANDARD, Timing
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement, Broadcast, Person, Slot, SlotItem
from broadcaster.station.units.units import nodes_of, require_in
from broadcaster.station.vocabulary.wishes import Wish, WishKind

LATE = timedelta(seconds=30)
"""An instant asked for that is this little past is still met."""
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish at its approval: a broadcast, a place in a slot, or what stood in the way."""

    broadcast: Broadcast | None = None
    item: SlotItem | None = None
    obstacle: Reason | None = None


def submit(s: Session, *, announcement: Announcement, wish: Wish | None, by: Person, now_at: datetime) -> None:
    """Ask for approval of the announcement together with its time. Raises Invalid, Conflict or NotAllowed."""
    current = lock(s, announcement)
    if wish is not None:
        wish = _as_the_slot_is(s, wish)
        _check(s, current, wish, by=by, now_at=now_at)
    approvals.submit(s, announcement=current, by=by, now_at=now_at, wish=wish)


def approve(
    s: Session,
    *,
    announcement: Announcement,
    content_hash: str,
    by: Person,
    now_at: datetime,
    comment: str = "",
    timing: Timing = STANDARD,
) -> Outcome:
    """Release it, and broadcast or schedule it as was asked. What forbids the time does not undo the approval.

    Raises as ``approvals.approve``.
    """
    approvals.approve(s, announcement=announcement, content_hash=content_hash, by=by, now_at=now_at, comment=comment)
    s.flush()
    current = lock(s, announcement)
    asker = approvals.submitter(s, current)
    if current.wish is None or asker is None:
        return Outcome()
    try:
        with s.begin_nested():
            return _carry_out(s, current, current.wish, by=asker, now_at=now_at, timing=timing)
    except LoaError as refused:
        return Outcome(obstacle=refused.reason)


def obstacle(s: Session, announcement: Announcement, *, now_at: datetime) -> Reason | None:
    """What would keep the time that was asked for from being met, if it were approved now."""
    asker = approvals.submitter(s, announcement)
    if announcement.wish is None or asker is None:
        return None
    try:
        _check(s, announcement, announcement.wish, by=asker, now_at=now_at)
    except LoaError as refused:
        return refused.reason
    return None


def _carry_out(
    s: Session, announcement: Announcement, wish: Wish, *, by: Person, now_at: datetime, timing: Timing
) -> Outcome:
    _check(s, announcement, wish, by=by, now_at=now_at)
    if wish.kind is not WishKind.SLOT:
        start_at = wish.at if wish.at is not None and wish.at > now_at else None
        made = broadcasts.broadcast_now(
            s, announcement=announcement, by=by, now_at=now_at, start_at=start_at, timing=timing
        )
        return Outcome(broadcast=made)
    slot = _slot(s, wish)
    today = now_at.astimezone(ZoneInfo(slot.timezone)).date()
    before = _item_of(s, slot, announcement, by=by, now_at=now_at)
    item = slots.put(
        s,
        slot=slot,
        announcement=announcement,
        first_on=max(wish.first_on or today, today),
        last_on=wish.last_on,
        weekdays=wish.weekdays,
        by=by,
        now_at=now_at,
    )
    if before is not None:
        item.position = before.position
    return Outcome(item=item)


def _item_of(s: Session, slot: Slot, announcement: Announcement, *, by: Person, now_at: datetime) -> SlotItem | None:
    """Its place in the slot until now, taken out: it has one there, with the days asked for last."""
    mine = [each for each in slots.items(s, slot) if each.announcement_id == announcement.id]
    for each in mine:
        slots.take_out(s, item=each, by=by, now_at=now_at)
    return mine[0] if mine else None


def _check(s: Session, announcement: Announcement, wish: Wish, *, by: Person, now_at: datetime) -> None:
    """Raises what keeps this person's wish from being met as things stand."""
    if announcement.broadcast_class is BroadcastClass.EMERGENCY:
        raise Conflict("wish.emergency", field="wish")
    if wish.kind is WishKind.SLOT:
        _check_slot(s, announcement, wish, by=by, now_at=now_at)
        return
    require_in(s, announcement.zones, by=by, permission="broadcast")
    if wish.kind is WishKind.AT:
        _check_instant(wish, now_at)
    if not nodes_of(s, announcement.zones):
        raise Conflict("broadcast.no_nodes", field="zones")
    if announcement.clip_sha256 is not None:
        broadcasts.check_may_sound(s, announcement, max(wish.at or now_at, now_at))


def _check_instant(wish: Wish, now_at: datetime) -> None:
    if wish.at is None:
        raise Invalid("broadcast.no_time_chosen", field="at")
    if wish.at < now_at - LATE:
        raise Invalid("wish.instant_past", field="at", at=wish.at)
    if wish.at > now_at + FARTHEST:
        raise Invalid("broadcast.start_too_far", field="at")


def _check_slot(s: Session, announcement: Announcement, wish: Wish, *, by: Person, now_at: datetime) -> None:
    slot = _slot(s, wish)
    require_in(s, slot.zones, by=by, permission="schedule")
    if slot.removed_at is not None:
        raise Conflict("slot.removed", field="slot")
    if tuple(slot.rule.get("times") or ()) != wish.times:
        raise Conflict("wish.slot_changed", field="slot", slot=slot.name)
    slots.check_days(wish.first_on, wish.last_on, wish.weekdays)
    if not _shared(s, announcement, slot):
        raise Conflict("wish.slot_elsewhere", field="slot", slot=slot.name)
    if _over(wish, slot, now_at):
        raise Conflict("wish.over", field="last_on", slot=slot.name)


def _over(wish: Wish, slot: Slot, now_at: datetime) -> bool:
    """Whether the last day asked for has passed, or today's last time on it."""
    here_at = now_at.astimezone(ZoneInfo(slot.timezone))
    if wish.last_on is None or wish.last_on > here_at.date():
        return False
    own = (slot.rule.get("times_on") or {}).get(wish.last_on.isoformat()) or wish.times
    return wish.last_on < here_at.date() or f"{here_at:%H:%M}" >= max(own, default="")


def _shared(s: Session, announcement: Announcement, slot: Slot) -> bool:
    here = {node.id for node in nodes_of(s, announcement.zones)}
    return any(node.id in here for node in nodes_of(s, slot.zones))


def _as_the_slot_is(s: Session, wish: Wish) -> Wish:
    """With the hours the slot has now, so that the seal covers them."""
    if wish.kind is not WishKind.SLOT:
        return wish
    return replace(wish, times=tuple(_slot(s, wish).rule.get("times") or ()), weekdays=tuple(sorted(wish.weekdays)))


def _slot(s: Session, wish: Wish) -> Slot:
    if not wish.slot_id:
        raise Invalid("wish.no_slot", field="slot")
    return slots.get(s, wish.slot_id)
