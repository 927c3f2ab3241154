"""What an officer may choose from: now, a day and time, and the slots that reach the announcement's nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice

from broadcaster.errors import LoaError
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.people.permitted import refusal
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.slot_contents import nodes_by_slot
from broadcaster.station.programmes.steps import SlotStep, steps
from broadcaster.station.schema import Announcement, Slot
from broadcaster.station.units.units import require_in
from broadcaster.station.units.zone_members import members, reached
from broadcaster.station.vocabulary.wishes import Wish, WishKind
from broadcaster.text.papers.fields.last_days import last_day
from scheduler.occurrences import recurrence_of
from web.shell.request_context import Context
from web.shell.services import services

DAYS_AHEAD = 31
"""So many days are offered in a list; a later one is chosen on the slot's own page."""
UNDATED_DAYS = 7
"""A text that names no day is offered for so many days."""
FAR = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class SlotChoice:
    """A slot and when it begins next; None when it does not within two months."""

    slot: Slot
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What is offered.

    suggested: the slot that fits best, with the days the text is worth repeating.
    slots: all that reach some of its nodes and that this person fills, the soonest first.
    days: to choose from.
    dated: the last day the text names, None for a text without days.
    asked: what was asked for the last time.
    may_broadcast: whether this person broadcasts wherever the announcement sounds.
    """

    suggested: Wish | None
    slots: Sequence[SlotChoice]
    days: Sequence[date]
    dated: date | None
    asked: Wish | None
    may_broadcast: bool


def choices(c: Context, announcement: Announcement) -> Choices | None:
    """None where nobody says when: an emergency is ordered by two people at its own time."""
    if announcement.broadcast_class is BroadcastClass.EMERGENCY:
        return None
    today = services().today
    found = _slots(c, announcement)
    dated = last_day_of(announcement, today)
    return Choices(
        suggested=_suggested(found, today, dated),
        slots=found,
        days=[today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)],
        dated=dated,
        asked=announcement.wish,
        may_broadcast=refusal(partial(require_in, c.s, announcement.zones, by=c.by, permission="broadcast")) is None,
    )


def last_day_of(announcement: Announcement, today: date) -> date | None:
    """The last day it names, or the last of its validity, the earlier; None when it has neither."""
    until_at = announcement.valid_until_at
    valid = until_at.astimezone(services().timezone).date() if until_at else None
    return min((day for day in (last_day(announcement.text, today=today), valid) if day), default=None)


def _slots(c: Context, announcement: Announcement) -> list[SlotChoice]:
    of_zone = members(c.s)
    meant, by_slot = reached(announcement.zones, of_zone), nodes_by_slot(c.s, of_zone)
    found = [
        (len(meant & by_slot.get(slot.id, frozenset())), SlotChoice(slot, _next(slot, c.now_at)))
        for slot in slots.listing(c.s)
        if SlotStep.FILL in steps(c.s, slot, c.by)
    ]
    reaching = [(count, each) for count, each in found if count and each.next_at is not None]
    reaching.sort(key=lambda pair: (-pair[0], pair[1].next_at or c.now_at))
    return [each for _count, each in reaching]


def _next(slot: Slot, now_at: datetime) -> datetime | None:
    try:
        starts = recurrence_of(slot).starts(from_at=now_at, until_at=now_at + FAR)
        return next(islice(starts, 1), None)
    except LoaError:
        return None


def _suggested(found: Sequence[SlotChoice], today: date, dated: date | None) -> Wish | None:
    if not found or found[0].next_at is None:
        return None
    slot, first_on = found[0].slot, found[0].next_at.astimezone(services().timezone).date()
    last_on = max(dated, first_on) if dated else first_on + timedelta(days=UNDATED_DAYS - 1)
    times = tuple(slot.rule.get("times") or ())
    return Wish(kind=WishKind.SLOT, slot_id=slot.id, times=times, first_on=max(first_on, today), last_on=last_on)
