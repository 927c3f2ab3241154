"""Recurring places in the week, and what is put into them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import steps as announcement_steps
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.audit import entries as audit
from broadcaster.station.clips import tunes
from broadcaster.station.programmes.slot_rules import check_rule, check_timezone
from broadcaster.station.programmes.steps import SlotStep, require_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Broadcast, Occurrence, Person, Slot, SlotItem, Zone
from broadcaster.station.units.units import find_zones, require_in
from broadcaster.station.vocabulary.lifecycles import OCCURRENCE, move
from broadcaster.station.vocabulary.names import name_of
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState, TuneKind


class SlotFrame(TypedDict, total=False):
    """What stands around the announcements; each field as in ``schema.Slot``."""

    greeting: bool
    closing: bool
    greet_when_empty: bool
    opening_tune_id: str | None
    ending_tune_id: str | None
    bed_id: str | None
    filler_id: str | None


TUNES = {
    "opening_tune_id": TuneKind.OPENING,
    "ending_tune_id": TuneKind.ENDING,
    "bed_id": TuneKind.BED,
    "filler_id": TuneKind.FILLER,
}
"""Fields of a slot that name music, and which kind may stand there."""


class SlotChanges(SlotFrame, total=False):
    """What may be changed of a slot; each field as in ``schema.Slot``, zones also as ids or names."""

    name: str
    rule: Mapping[str, Any]
    zones: Sequence[Zone | str]
    timezone: str
    grace_minutes: int
    cap_minutes: int
    assemble_minutes: int | None
    paused_until_on: date | None


def add_slot(
    s: Session,
    *,
    name: str,
    rule: Mapping[str, Any],
    zones: Sequence[Zone | str],
    by: Person | None,
    now_at: datetime,
    timezone: str = "Asia/Ho_Chi_Minh",
    grace_minutes: int = 5,
    cap_minutes: int = 45,
    assemble_minutes: int | None = None,
    **frame: Unpack[SlotFrame],
) -> Slot:
    """A new slot; its occurrences follow by themselves. Raises Invalid or NotAllowed.

    ``frame`` is any of greeting, closing, greet_when_empty, and the fields of ``TUNES``.
    """
    slot = Slot(created_by_id=by.id if by else None, created_at=now_at)
    given: dict[str, Any] = {"name": name, "rule": rule, "zones": zones, "timezone": timezone}
    minutes = {"grace_minutes": grace_minutes, "cap_minutes": cap_minutes, "assemble_minutes": assemble_minutes}
    _fill(s, slot, {**given, **minutes, **frame})
    if by is not None:
        require_in(s, slot.zones, by=by, permission="schedule")
    s.add(slot)
    s.flush()
    s.refresh(slot)
    _note(s, slot, "slot.added", by=by, now_at=now_at)
    return slot


def edit_slot(s: Session, *, slot: Slot, by: Person, now_at: datetime, **changed: Unpack[SlotChanges]) -> Slot:
    """Change some fields (named as for ``add_slot``, and ``paused_until_on``). Raises Invalid, Conflict, NotAllowed."""
    require_step(s, SlotStep.EDIT, slot, by)
    _fill(s, slot, changed)
    require_in(s, slot.zones, by=by, permission="schedule")
    _note(s, slot, "slot.edited", by=by, now_at=now_at)
    return slot


def remove_slot(s: Session, *, slot: Slot, by: Person, now_at: datetime) -> None:
    """No more occurrences; those still to come are cancelled with their broadcasts."""
    require_step(s, SlotStep.REMOVE, slot, by)
    slot.removed_at = now_at
    coming = select(Occurrence).where(
        Occurrence.slot_id == slot.id,
        Occurrence.start_at > now_at,
        Occurrence.state.in_([OccurrenceState.PLANNED, OccurrenceState.FROZEN, OccurrenceState.EMPTY]),
    )
    for occurrence in s.scalars(coming.order_by(Occurrence.id).with_for_update(of=Occurrence)).unique().all():
        cancel_occurrence(s, occurrence, reason=Reason("occurrence.slot_removed"), by=by, now_at=now_at)
    _note(s, slot, "slot.removed", by=by, now_at=now_at)


def cancel_occurrence(
    s: Session, occurrence: Occurrence, *, reason: Reason, by: Person | None, now_at: datetime
) -> None:
    """This one date does not happen."""
    occurrence.state = move(OCCURRENCE, occurrence.state, OccurrenceState.CANCELLED)
    occurrence.reason = reason
    mine = (Broadcast.occurrence_id == occurrence.id) & (Broadcast.state == BroadcastState.SCHEDULED)
    chosen = select(Broadcast).where(mine).order_by(Broadcast.id)
    for broadcast in s.scalars(chosen.with_for_update(of=Broadcast)).unique().all():
        cancel_one(s, broadcast, by=by, now_at=now_at)
    changes.bump(s, "slots")


def put(
    s: Session,
    *,
    slot: Slot,
    announcement: Announcement,
    first_on: date,
    by: Person,
    now_at: datetime,
    last_on: date | None = None,
    weekdays: Sequence[int] = (),
) -> SlotItem:
    """Put an announcement into the slot over these days, after what is there. It sounds once it is approved.

    ``weekdays`` as in ``schema.SlotItem``. Raises Invalid, Conflict or NotAllowed.
    """
    require_step(s, SlotStep.FILL, slot, by)
    announcement_steps.require_step(s, announcement_steps.Step.SCHEDULE, announcement, by)
    check_days(first_on, last_on, weekdays)
    highest = s.scalar(select(func.max(SlotItem.position)).where(SlotItem.slot_id == slot.id))
    item = SlotItem(
        slot_id=slot.id,
        announcement_id=announcement.id,
        first_on=first_on,
        last_on=last_on,
        weekdays=sorted(set(weekdays)),
        position=(highest or 0) + 1,
        added_by_id=by.id,
        added_at=now_at,
    )
    s.add(item)
    s.flush()
    s.refresh(item)
    _note(s, slot, "slot.item_put", by=by, now_at=now_at, announcement=announcement.id)
    return item


def check_days(first_on: date | None, last_on: date | None, weekdays: Sequence[int]) -> None:
    """Raises Invalid unless something can lie in a slot on these days."""
    if first_on is not None and last_on is not None and last_on < first_on:
        raise Invalid("slot.last_before_first", field="last_on")
    if any(day not in range(7) for day in weekdays):
        raise Invalid("slot.no_weekday", field="weekdays")


def take_out(s: Session, *, item: SlotItem, by: Person, now_at: datetime) -> None:
    """From now on it is not played in this slot."""
    require_step(s, SlotStep.FILL, item.slot, by)
    item.removed_at = item.removed_at or now_at
    _note(s, item.slot, "slot.item_taken_out", by=by, now_at=now_at, announcement=item.announcement_id)


def reorder(s: Session, *, slot: Slot, item_ids: Sequence[str], by: Person, now_at: datetime) -> None:
    """Put everything in the slot into this order; a higher class goes first all the same.

    Raises Invalid unless each item is named exactly once.
    """
    require_step(s, SlotStep.FILL, slot, by)
    there = {item.id: item for item in items(s, slot)}
    if sorted(item_ids) != sorted(there):
        raise Invalid("slot.order_incomplete", field="items")
    for position, item_id in enumerate(item_ids, start=1):
        there[item_id].position = position
    details = {"name": slot.name, "items": list(item_ids)}
    audit.record(s, by=by, action="slot.reordered", subject=f"slot:{slot.id}", now_at=now_at, details=details)
    changes.bump(s, "slots")


def items_on(s: Session, slot: Slot, day: date) -> list[SlotItem]:
    """What is in the slot on this local date, approved or not, in order."""
    chosen = select(SlotItem).where(
        SlotItem.slot_id == slot.id,
        SlotItem.removed_at.is_(None),
        SlotItem.first_on <= day,
        or_(SlotItem.last_on.is_(None), SlotItem.last_on >= day),
    )
    found = s.scalars(chosen.order_by(SlotItem.position, SlotItem.id)).unique()
    return [each for each in found if not each.weekdays or day.weekday() in each.weekdays]


def items(s: Session, slot: Slot) -> list[SlotItem]:
    """Everything in the slot that was not taken out, in order."""
    mine = select(SlotItem).where(SlotItem.slot_id == slot.id, SlotItem.removed_at.is_(None))
    return list(s.scalars(mine.order_by(SlotItem.position, SlotItem.id)).unique())


def get(s: Session, slot_id: str) -> Slot:
    """Raises NotFound."""
    slot = s.get(Slot, slot_id)
    if slot is None:
        raise NotFound("slot.not_found", field="slot")
    return slot


def get_item(s: Session, item_id: str) -> SlotItem:
    """Raises NotFound."""
    item = s.get(SlotItem, item_id)
    if item is None:
        raise NotFound("slot.item_not_found")
    return item


def listing(s: Session) -> list[Slot]:
    """Every slot that was not removed, by name."""
    return list(s.scalars(select(Slot).where(Slot.removed_at.is_(None)).order_by(Slot.name, Slot.id)).unique())


def _fill(s: Session, slot: Slot, given: Mapping[str, Any]) -> None:
    unknown = set(given).difference(SlotChanges.__optional_keys__)
    if unknown:
        raise TypeError(f"a slot has no {sorted(unknown)}")
    checked = dict(given)
    if "name" in given:
        checked["name"] = name_of(given["name"], field="name")
    if "rule" in given:
        checked["rule"] = check_rule(given["rule"])
    if "timezone" in given:
        check_timezone(given["timezone"])
    if "zones" in given:
        checked["zones"] = find_zones(s, [each.id if isinstance(each, Zone) else each for each in given["zones"]])
    _check_minutes(given)
    checked |= {
        name: tunes.check_choice(s, given[name], kind, field=name) for name, kind in TUNES.items() if name in given
    }
    for name, value in checked.items():
        setattr(slot, name, value)


def _check_minutes(given: Mapping[str, Any]) -> None:
    for name, least, most in (("grace_minutes", 1, 240), ("cap_minutes", 1, 720), ("assemble_minutes", 10, 2880)):
        if given.get(name) is not None and not least <= given[name] <= most:
            raise Invalid("slot.minutes_out_of_range", field=name, least=least, most=most)


def _note(
    s: Session, slot: Slot, action: str, *, by: Person | None, now_at: datetime, announcement: str | None = None
) -> None:
    details = {"name": slot.name} | ({"announcement": announcement} if announcement else {})
    audit.record(s, by=by, action=action, subject=f"slot:{slot.id}", now_at=now_at, details=details)
    changes.bump(s, "slots")
