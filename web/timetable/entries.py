"""What will sound, or did, between two instants: frozen programmes, single entries, and dates of slots to be filled."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from broadcaster.errors import Invalid
from broadcaster.station.broadcasts import lists
from broadcaster.station.broadcasts.delivery_counts import DeliveryCounts, tallies
from broadcaster.station.programmes import occurrences, slots
from broadcaster.station.programmes.slot_contents import SlotContents, contents_of
from broadcaster.station.programmes.steps import SlotStep, steps
from broadcaster.station.schema import Broadcast, Occurrence, Slot, Zone
from broadcaster.station.units.zone_members import members, reached
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from scheduler.occurrences import RULE_CHANGED, recurrence_of
from scheduler.recurrence import Recurrence, parse
from scheduler.rule_changes import as_usual
from web.shell.request_context import Context
from web.shell.words import OCCURRENCE, UNFIT, Word, broadcast_word
from web.slots import date_addresses
from web.translations.languages import gettext as _
from web.translations.languages import ngettext

RELAYED = "relay"
"""Stands where an engine's name would, of what was taken of another station."""
_LOUDEST = (
    BroadcastState.ON_AIR,
    BroadcastState.MISSED,
    BroadcastState.PARTIAL,
    BroadcastState.SCHEDULED,
    BroadcastState.COMPLETED,
)
"""Of the entries of one programme the first of these is what the programme is called."""


@dataclass(frozen=True, slots=True)
class TimetableEntry:
    """One box in the week.

    start_at: when.
    title: of the announcement or the slot.
    content: what is in it, or how many nodes.
    word: its state.
    address: its page.
    moves: it is a date of a slot still to come, and whoever asks may move it.
    broadcasts: ids of what is frozen of it.
    slot_id: of the slot it is a date of; empty for a single entry.
    clash: name of another slot that is in its way; empty for none, or when nobody looked.
    """

    start_at: datetime
    title: str
    content: str
    word: Word
    address: str
    moves: bool = False
    broadcasts: tuple[str, ...] = ()
    slot_id: str = ""
    clash: str = ""


@dataclass(frozen=True, slots=True)
class _Span:
    """What is asked for: from, until, on the nodes of a zone or anywhere; with what every slot holds."""

    from_at: datetime
    until_at: datetime
    nodes: frozenset[str] | None
    contents: SlotContents


def between(c: Context, from_at: datetime, until_at: datetime, *, zone: Zone | None = None) -> list[TimetableEntry]:
    """Everything in order of time; ``from_at`` included, ``until_at`` not."""
    of_zone = members(c.s) if zone else {}
    nodes = of_zone.get(zone.id, frozenset()) if zone else None
    standing = [slot for slot in slots.listing(c.s) if nodes is None or reached(slot.zones, of_zone) & nodes]
    span = _Span(from_at, until_at, nodes, contents_of(c.s, standing, nodes=nodes))
    known = occurrences.between(c.s, span.from_at, span.until_at)
    found = [*_aired(c, span), *_laid_out(c, span, known), *_to_come(c, span, standing, known)]
    return sorted(found, key=lambda entry: entry.start_at)


def _aired(c: Context, span: _Span) -> Iterator[TimetableEntry]:
    """Frozen entries; those of one date of a slot in one box. The repetitions to come are told by the alarm's story."""
    found = lists.between(c.s, span.from_at, span.until_at, nodes=span.nodes)
    counted = tallies(c.s, found)
    programmes: dict[str, list[Broadcast]] = {}
    for each in found:
        programmes.setdefault(each.occurrence_id or each.id, []).append(each)
    dates = occurrences.by_id(c.s, [each.occurrence_id for each in found if each.occurrence_id])
    for name, broadcasts in programmes.items():
        yield _programme(c, dates[name], broadcasts, counted) if name in dates else _single(broadcasts[0], counted)


def _single(broadcast: Broadcast, counted: dict[str, DeliveryCounts]) -> TimetableEntry:
    reach = ngettext("%(num)d cụm loa", "%(num)d cụm loa", counted[broadcast.id].nodes)
    address = url_for("broadcasts.show", broadcast_id=broadcast.id)
    word = broadcast_word(broadcast.state, counted[broadcast.id].by_state)
    return TimetableEntry(broadcast.start_at, broadcast.title, reach, word, address, broadcasts=(broadcast.id,))


def _programme(
    c: Context, date: Occurrence, broadcasts: list[Broadcast], counted: dict[str, DeliveryCounts]
) -> TimetableEntry:
    states = {broadcast.state for broadcast in broadcasts}
    state = next((each for each in _LOUDEST if each in states), broadcasts[0].state)
    mine = [Counter(counted[each.id].by_state) for each in broadcasts]
    said = [each.title for each in broadcasts if each.announcement_id or _is_relay(each)]
    titles = "; ".join(dict.fromkeys(said)) or broadcasts[0].title
    moves = date.start_at > c.now_at and SlotStep.EDIT in steps(c.s, date.slot, c.by)
    return TimetableEntry(
        broadcasts[0].start_at,
        date.slot.name,
        titles,
        broadcast_word(state, sum(mine, Counter())),
        date_addresses.of(date.slot, date.start_at),
        moves,
        broadcasts=tuple(each.id for each in broadcasts),
        slot_id=date.slot_id,
    )


def _relayed(span: _Span, slot: Slot) -> Iterator[str]:
    found = span.contents.relayed.get(slot.id)
    if found is not None and found.live:
        yield _("Tiếp sóng trực tiếp %(names)s", names=found.names)
    elif found is not None:
        yield _("Tiếp sóng %(names)s", names=found.names)


def _is_relay(broadcast: Broadcast) -> bool:
    return broadcast.live_session_id is not None or broadcast.engine == RELAYED


def _laid_out(c: Context, span: _Span, known: list[Occurrence]) -> Iterator[TimetableEntry]:
    """Those not frozen. What a rule leaves out ahead is told by the rule, see ``_to_come``."""
    for each in known:
        superseded = (
            each.state == OccurrenceState.CANCELLED and each.reason == RULE_CHANGED and each.start_at > c.now_at
        )
        if each.state != OccurrenceState.FROZEN and not superseded and each.slot_id in span.contents:
            yield _of_slot(c, span, each.slot, each.start_at, each.state)


def _to_come(c: Context, span: _Span, standing: Iterable[Slot], known: list[Occurrence]) -> Iterator[TimetableEntry]:
    """The dates further ahead, which the scheduler will lay out when they come near, and those that are left out."""
    taken = {(each.slot_id, each.start_at) for each in known if each.state != OccurrenceState.CANCELLED}
    for slot in standing:
        planned = _starts(slot, span, c.now_at)
        for start_at in planned:
            if (slot.id, start_at) not in taken:
                yield _of_slot(c, span, slot, start_at, OccurrenceState.PLANNED)
        for start_at in _usual_starts(slot, span, c.now_at) - set(planned):
            yield _of_slot(c, span, slot, start_at, OccurrenceState.CANCELLED)


def _starts(slot: Slot, span: _Span, now_at: datetime) -> list[datetime]:
    try:
        return _within(recurrence_of(slot), span, now_at)
    except Invalid:
        return []  # a rule nobody can read plays nothing, and the scheduler says so in its log


def _usual_starts(slot: Slot, span: _Span, now_at: datetime) -> set[datetime]:
    """As the rule would have it without pauses and single dates."""
    try:
        return set(_within(parse(as_usual(slot.rule), timezone=slot.timezone), span, now_at))
    except Invalid:
        return set()


def _within(recurrence: Recurrence, span: _Span, now_at: datetime) -> list[datetime]:
    from_at = max(span.from_at, now_at)
    return list(recurrence.starts(from_at=from_at, until_at=span.until_at)) if from_at < span.until_at else []


def _of_slot(c: Context, span: _Span, slot: Slot, start_at: datetime, state: OccurrenceState) -> TimetableEntry:
    cancelled = state == OccurrenceState.CANCELLED
    titles = [] if cancelled else [*_relayed(span, slot), *span.contents.titles(slot, start_at)]
    if state == OccurrenceState.PLANNED and not titles:
        state = OccurrenceState.EMPTY
    moves = start_at > c.now_at and not cancelled and SlotStep.EDIT in steps(c.s, slot, c.by)
    word = UNFIT if state == OccurrenceState.EMPTY and titles else OCCURRENCE[state]
    address = date_addresses.of(slot, start_at)
    return TimetableEntry(start_at, slot.name, "; ".join(titles), word, address, moves, slot_id=slot.id)
