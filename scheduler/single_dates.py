"""One date of a slot: left out, moved, or put back as it was; or moved together with all the others."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.audit import entries as audit
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Person, Slot
from scheduler import rule_changes
from scheduler.occurrences import recurrence_of


def leave_out(s: Session, *, slot: Slot, start_at: datetime, by: Person, now_at: datetime) -> None:
    """The slot does not play then. Raises Conflict when it would not have, or has begun; NotAllowed."""
    day, at = _still_to_come(slot, start_at, now_at)
    _edit(s, slot, rule_changes.without(slot.rule, day, [at]), by=by, now_at=now_at)
    _note(s, slot, "slot.date_left_out", by=by, now_at=now_at, start_at=start_at)


def restore(s: Session, *, slot: Slot, day: date, by: Person, now_at: datetime) -> None:
    """That date is like every other again."""
    _edit(s, slot, rule_changes.restored(slot.rule, day), by=by, now_at=now_at)
    _note(s, slot, "slot.date_restored", by=by, now_at=now_at, day=day)


def move(
    s: Session, *, slot: Slot, start_at: datetime, to_at: datetime, by: Person, now_at: datetime, every: bool = False
) -> None:
    """This date, or with ``every`` all of them, begins at another time.

    Raises Invalid(field="to_at") for a time that is past, Conflict when the slot plays there already, pauses there, or
    its rule cannot say it.
    """
    day, at = _still_to_come(slot, start_at, now_at)
    to_day, to = _local(slot, to_at)
    if to_at <= now_at:
        raise Invalid("occurrence.new_time_past", field="to_at")
    if (to_day, to) == (day, at):
        raise Invalid("occurrence.new_time_same", field="to_at")
    if slot.paused_until_on is not None and to_day <= slot.paused_until_on:
        raise Conflict("occurrence.slot_paused", until_on=slot.paused_until_on)
    if every:
        rule = rule_changes.shifted(slot.rule, day, at, to_day=to_day, to=to)
    else:
        rule = rule_changes.with_time(rule_changes.without(slot.rule, day, [at]), to_day, to)
    _edit(s, slot, rule, by=by, now_at=now_at)
    _note(s, slot, "slot.date_moved", by=by, now_at=now_at, start_at=start_at, to_at=to_at, every=every)


def _still_to_come(slot: Slot, start_at: datetime, now_at: datetime) -> tuple[date, time]:
    """The local date and time meant."""
    if start_at <= now_at:
        raise Conflict("occurrence.begun")
    day, at = _local(slot, start_at)
    if at not in recurrence_of(slot).times_of(day):
        raise Conflict("occurrence.gone")
    return day, at


def _local(slot: Slot, at: datetime) -> tuple[date, time]:
    local = at.astimezone(ZoneInfo(slot.timezone)).replace(second=0, microsecond=0)
    return local.date(), local.time()


def _edit(s: Session, slot: Slot, rule: dict[str, Any], *, by: Person, now_at: datetime) -> None:
    slots.edit_slot(s, slot=slot, rule=rule, by=by, now_at=now_at)


def _note(s: Session, slot: Slot, action: str, *, by: Person, now_at: datetime, **details: object) -> None:
    plain = {name: each.isoformat() if isinstance(each, date) else each for name, each in details.items()}
    subject = f"slot:{slot.id}"
    audit.record(s, by=by, action=action, subject=subject, now_at=now_at, details={"name": slot.name, **plain})
