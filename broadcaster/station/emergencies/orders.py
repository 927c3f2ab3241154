"""Orders to sound an emergency: by two people, or declared by one where the commune chose so.

An order names what was heard by its hash and says whether it is a drill; the one who confirms names and says both
again. What was confirmed is frozen at once and takes the same path as every broadcast, with nothing in front of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.station.announcements import origins
from broadcaster.station.announcements.decisions import lock
from broadcaster.station.broadcasts import broadcasts, parts
from broadcaster.station.broadcasts import repetitions as repeating
from broadcaster.station.broadcasts.freezing import STANDARD, BroadcastPlan, Timing, content_of, freeze
from broadcaster.station.broadcasts.leads import lead
from broadcaster.station.emergencies.drills import free_at
from broadcaster.station.emergencies.guards import (
    EmergencyRequest,
    asked_before,
    check_wanted,
    nodes_meant,
    require_heard,
    require_may_ask,
    require_same_meaning,
    rounds,
    zones_meant,
    zones_of,
)
from broadcaster.station.emergencies.order_records import locked, note
from broadcaster.station.emergencies.phrasebook import ALL_CLEAR
from broadcaster.station.emergencies.steps import OrderStep, require_step
from broadcaster.station.notices import events
from broadcaster.station.rules import emergency_rules
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, Node, Person
from broadcaster.station.units.units import units_in
from broadcaster.station.vocabulary.states import EmergencyMode

__all__ = ["EmergencyRequest", "ask", "confirm", "refuse"]


def ask(
    s: Session, wanted: EmergencyRequest, *, by: Person, now_at: datetime, timing: Timing = STANDARD
) -> EmergencyOrder:
    """The first person's word. It sounds at once where one person may declare an emergency, or when this one passes on
    what another took in from above; else it waits.

    What it corrects is silenced at once. Raises Invalid, Conflict or NotAllowed.
    """
    announcement = lock(s, wanted.announcement)
    require_may_ask(s, announcement, wanted, by)
    before = asked_before(s, wanted)
    if before is not None:
        return before
    check_wanted(s, announcement, wanted)
    order = _written_down(s, announcement, wanted, mode=_mode(s, announcement, by), by=by, now_at=now_at)
    if announcement.phrase != ALL_CLEAR:
        _silence_followed(s, order, by=by, now_at=now_at)
    if order.mode is not EmergencyMode.TWO_PEOPLE:
        _air(s, order, by=by, now_at=now_at, timing=timing)
    else:
        events.second_person(s, order=order, units=units_in(s, zones_of(s, order)), now_at=now_at)
    return order


def confirm(
    s: Session,
    *,
    order: EmergencyOrder,
    drill: bool,
    heard: str,
    by: Person,
    now_at: datetime,
    timing: Timing = STANDARD,
) -> EmergencyOrder:
    """The second person's word, who says again whether it is a drill. ``heard`` is the content hash of what this one
    heard.

    Raises Conflict, Invalid or NotAllowed.
    """
    current = locked(s, order)
    announcement = lock(s, current.announcement)
    require_step(s, OrderStep.CONFIRM, current, by, now_at=now_at)
    require_same_meaning(announcement, drill)
    require_heard(heard, current.content_hash)
    current.confirmed_by_id, current.confirmed_at = by.id, now_at
    _air(s, current, by=by, now_at=now_at, timing=timing)
    return current


def carry_out_allowed(
    s: Session,
    announcement: Announcement,
    *,
    people: tuple[Person, Person],
    follows: Broadcast | None,
    now_at: datetime,
    timing: Timing = STANDARD,
    key: str | None = None,
) -> EmergencyOrder:
    """It sounds by itself, as two people allowed it beforehand of the source it came from; another looks at it later.

    ``key``: an announcement sounds so once for each; without one, once. Raises Invalid or Conflict.
    """
    current = lock(s, announcement)
    wanted = EmergencyRequest(
        announcement=current,
        drill=current.drill,
        heard=current.content_hash or "",
        follows=follows,
        key=key or current.id,
    )
    before = asked_before(s, wanted)
    if before is not None:
        return before
    check_wanted(s, current, wanted)
    first, second = people
    order = _written_down(s, current, wanted, by=first, now_at=now_at, mode=EmergencyMode.ALLOWED)
    order.confirmed_by_id, order.confirmed_at = second.id, now_at
    _silence_followed(s, order, by=first, now_at=now_at)
    _air(s, order, by=first, now_at=now_at, timing=timing)
    return order


def refuse(s: Session, *, order: EmergencyOrder, by: Person, now_at: datetime) -> EmergencyOrder:
    """It does not sound: the second person says no, or the first thinks better of it."""
    current = locked(s, order)
    require_step(s, OrderStep.REFUSE, current, by, now_at=now_at)
    current.refused_by_id, current.refused_at = by.id, now_at
    note(s, current, "refused", by=by, now_at=now_at)
    return current


def _written_down(
    s: Session,
    announcement: Announcement,
    wanted: EmergencyRequest,
    *,
    mode: EmergencyMode,
    by: Person,
    now_at: datetime,
) -> EmergencyOrder:
    reason = wanted.reason.replace("\x00", "").strip()[:1000]
    if mode is EmergencyMode.DECLARED and not reason:
        raise Invalid("emergency.no_reason", field="reason")
    order = EmergencyOrder(
        announcement_id=announcement.id,
        content_hash=announcement.content_hash or "",
        drill=announcement.drill,
        zones=[zone.id for zone in zones_meant(s, announcement, wanted.zones)],
        mode=mode,
        reason=reason,
        asked_by_id=by.id,
        asked_at=now_at,
        expires_at=now_at + timedelta(minutes=emergency_rules.confirm_minutes(s)),
        follows_id=wanted.follows.id if wanted.follows else None,
        every_minutes=wanted.every_minutes,
        for_minutes=wanted.for_minutes if wanted.every_minutes else None,
        interrupts=wanted.interrupts and announcement.drill,
        requested_key=wanted.key,
    )
    s.add(order)
    s.flush()
    s.refresh(order)
    note(s, order, "asked", by=by, now_at=now_at)
    return order


def _mode(s: Session, announcement: Announcement, by: Person) -> EmergencyMode:
    """Two people have had it in hand, and who sent it has decided: nobody further is waited for."""
    return EmergencyMode.RELAYED if origins.may_relay(announcement, by) else emergency_rules.mode(s)


def _air(s: Session, order: EmergencyOrder, *, by: Person, now_at: datetime, timing: Timing) -> None:
    nodes = nodes_meant(s, order)
    start_at = _start(s, order, nodes, now_at=now_at, timing=timing)
    broadcasts.check_may_sound(s, order.announcement, start_at)
    first = repeating.first_id() if order.every_minutes else None
    plan = BroadcastPlan(start_at=start_at, nodes=nodes, live=True, broadcast_id=first)
    made = freeze(s, order.announcement, plan, by=by, now_at=now_at, timing=timing)
    order.broadcast_id = made.id
    _repeat(s, order, made, now_at=now_at)
    _silence_followed(s, order, by=by, now_at=now_at)
    note(s, order, "aired", by=by, now_at=now_at)
    events.alarm_on_air(s, order=order, units=units_in(s, zones_of(s, order)), by=by, now_at=now_at)


def _start(s: Session, order: EmergencyOrder, nodes: Sequence[Node], *, now_at: datetime, timing: Timing) -> datetime:
    """At once; a drill that was not told to cut begins when its nodes are done with what sounds."""
    at_once = now_at + lead(s, nodes, order.announcement, now_at=now_at, timing=timing)
    if not order.drill or order.interrupts:
        return at_once
    sounding = parts.of(s, content_of(order.announcement).clips, nodes)
    length = timedelta(milliseconds=sounding.duration_ms)
    return max(at_once, free_at(s, nodes=[node.id for node in nodes], length=length, now_at=now_at))


def _repeat(s: Session, order: EmergencyOrder, first: Broadcast, *, now_at: datetime) -> None:
    """The rest of the row, if it is to sound again; its last must be allowed as much as its first."""
    if not order.every_minutes or not order.for_minutes:
        return
    every = timedelta(minutes=order.every_minutes)
    count = rounds(s, order.announcement, every_minutes=order.every_minutes, for_minutes=order.for_minutes)
    broadcasts.check_may_sound(s, order.announcement, first.start_at + every * (count - 1))
    repeating.repeat(s, first, every=every, count=count, now_at=now_at)


def _silence_followed(s: Session, order: EmergencyOrder, *, by: Person, now_at: datetime) -> None:
    """A node that was cut off must not sound the alarm after it was corrected or ended."""
    if order.follows_id is not None:
        repeating.end(s, s.get_one(Broadcast, order.follows_id), by=by, now_at=now_at)
