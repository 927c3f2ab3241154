"""What will sound, or did, between two instants: frozen airings, and the dates of slots still to be filled."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select

from broadcaster.errors import Invalid
from broadcaster.station import slots
from broadcaster.station.schema import Broadcast, Occurrence, Slot
from broadcaster.station.states import BroadcastState, OccurrenceState
from scheduler.occurrences import recurrence_of
from web.desks import Desk
from web.house import house
from web.languages import ngettext
from web.tallies import BARE, tallies
from web.words import BROADCAST, OCCURRENCE, Word


@dataclass(frozen=True, slots=True)
class Airing:
    """One box in the week.

    start_at: when.
    title: of the announcement or the slot.
    content: what is in it, or how many poles.
    word: its state.
    address: its page.
    """

    start_at: datetime
    title: str
    content: str
    word: Word
    address: str


def between(d: Desk, from_at: datetime, until_at: datetime) -> list[Airing]:
    """Everything in order of time; ``from_at`` included, ``until_at`` not."""
    known = _known(d, from_at, until_at)
    found = [
        *_broadcasts(d, from_at, until_at),
        *(_of_slot(d, each.slot, each.start_at, each.state) for each in known if each.state != OccurrenceState.FROZEN),
        *_to_come(d, known, max(from_at, d.now_at), until_at),
    ]
    return sorted(found, key=lambda airing: airing.start_at)


def _broadcasts(d: Desk, from_at: datetime, until_at: datetime) -> Iterator[Airing]:
    to_be_repeated = Broadcast.repeat_of_id.is_not(None) & (Broadcast.state == BroadcastState.SCHEDULED)
    frozen = select(Broadcast).where(
        Broadcast.start_at >= from_at,
        Broadcast.start_at < until_at,
        Broadcast.state != BroadcastState.CANCELLED,
        ~to_be_repeated,  # the story of the alarm tells them
    )
    found = d.s.scalars(frozen.options(*BARE)).unique().all()
    counted = tallies(d.s, found)
    for each in found:
        poles = ngettext("%(num)d cụm loa", "%(num)d cụm loa", counted[each.id].poles)
        address = url_for("broadcasts.show", broadcast_id=each.id)
        yield Airing(each.start_at, each.title, poles, BROADCAST[each.state], address)


def _known(d: Desk, from_at: datetime, until_at: datetime) -> Sequence[Occurrence]:
    """The dates of slots that the scheduler has laid out."""
    laid_out = select(Occurrence).where(Occurrence.start_at >= from_at, Occurrence.start_at < until_at)
    return d.s.scalars(laid_out).unique().all()


def _to_come(d: Desk, known: Sequence[Occurrence], from_at: datetime, until_at: datetime) -> Iterator[Airing]:
    """The dates further ahead, which the scheduler will lay out when they come near."""
    taken = {(each.slot_id, each.start_at) for each in known}
    for slot in slots.listing(d.s):
        starts = [at for at in _starts(slot, from_at, until_at) if (slot.id, at) not in taken]
        yield from (_of_slot(d, slot, start_at, OccurrenceState.PLANNED) for start_at in starts)


def _starts(slot: Slot, from_at: datetime, until_at: datetime) -> Iterable[datetime]:
    if from_at >= until_at:
        return ()
    try:
        return recurrence_of(slot).starts(from_at=from_at, until_at=until_at)
    except Invalid:
        return ()  # a rule nobody can read plays nothing, and the scheduler says so in its log


def _of_slot(d: Desk, slot: Slot, start_at: datetime, state: OccurrenceState) -> Airing:
    items = slots.items_on(d.s, slot, start_at.astimezone(house().timezone).date())
    titles = "; ".join(item.announcement.title for item in items)
    if state == OccurrenceState.PLANNED and not items:
        state = OccurrenceState.EMPTY
    return Airing(start_at, slot.name, titles, OCCURRENCE[state], url_for("slots.show", slot_id=slot.id))
