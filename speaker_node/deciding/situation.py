"""Everything a decision about sound depends on, and what follows from it for a single broadcast."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.values import BroadcastClass
from speaker_node.clock.reading import TimeReading
from speaker_node.deciding.quiet import touches_quiet
from speaker_node.memory.ledger import OPEN, LedgerEntry

WORTHWHILE = timedelta(seconds=1)
"""Of live sound less than this is not begun."""
NEAR = timedelta(hours=1)
"""Quiet hours are looked up only for what is this close: a long agenda is judged every second."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision depends on.

    reading: the time.
    agenda: what to obey; None before the first.
    entries: the ledger.
    held: names of the clips that are whole.
    playing: what sounds, or is about to.
    arrived_live: live orders that came over the link since the start of the program.
    seen_in_time: broadcasts the node has known at a moment when they could still be played.
    muted: the local switch is off.
    forgot_at: what was due before this may have sounded already; None when the ledger is whole.
    """

    reading: TimeReading
    agenda: Agenda | None
    entries: Mapping[str, LedgerEntry]
    held: Container[str]
    playing: AgendaItem | None = None
    arrived_live: Container[str] = ()
    seen_in_time: Container[str] = ()
    muted: bool = False
    forgot_at: datetime | None = None


def planned_at(situation: Situation, item: AgendaItem) -> datetime:
    """Instant at which the item shall begin on this node: its own plus the node's stagger; now for a live order
    that has just come while the clock is not trusted."""
    if not situation.reading.trusted:
        return situation.reading.now_at
    assert situation.agenda
    return item.start_at + timedelta(milliseconds=situation.agenda.policy.stagger_ms)


def open_items(situation: Situation) -> Iterator[AgendaItem]:
    """Broadcasts of the agenda whose story is open and that do not sound now."""
    playing = situation.playing.broadcast if situation.playing else None
    for item in situation.agenda.items if situation.agenda else ():
        entry = situation.entries.get(item.broadcast)
        if entry and entry.state in OPEN and item.broadcast != playing:
            yield item


def playable(situation: Situation) -> Iterator[AgendaItem]:
    """Broadcasts that may sound at their time, or now when that has passed."""
    agenda = situation.agenda
    if agenda is None or agenda.stop or situation.muted:
        return
    if situation.reading.trusted and situation.reading.now_at >= agenda.expires_at:
        return
    for item in open_items(situation):
        if (item.source or all(part in situation.held for part in item.parts)) and _is_allowed(situation, item):
            yield item


def _is_allowed(situation: Situation, item: AgendaItem) -> bool:
    if is_forgotten(situation, item):
        return False
    if not situation.reading.trusted:
        return item.live and item.broadcast in situation.arrived_live
    begin = max(planned_at(situation, item), situation.reading.now_at)
    near = begin - situation.reading.now_at < NEAR
    return can_end(situation, item) and not (near and is_hushed(situation, item, begin))


def passes_quiet(item: AgendaItem) -> bool:
    """Quiet hours do not bind it: a real emergency, not an exercise; or a chirp somebody stands by to hear."""
    return item.chirp or (item.broadcast_class is BroadcastClass.EMERGENCY and not item.drill)


def is_forgotten(situation: Situation, item: AgendaItem) -> bool:
    """It was due when the ledger lost its memory, so it may have sounded."""
    if item.keeps_its_time:
        return False  # what has sounded of it is over, and does not sound again
    return situation.forgot_at is not None and item.start_at < situation.forgot_at


def can_end(situation: Situation, item: AgendaItem) -> bool:
    """Begun as soon as it may, it is over by its ``expires_at``. What keeps its time waits for nobody: it is not over
    yet.
    """
    if item.keeps_its_time:
        length = timedelta(milliseconds=(item.source.ends_ms if item.source else 0) or item.duration_ms)
        return situation.reading.now_at < min(planned_at(situation, item) + length - WORTHWHILE, item.expires_at)
    begin = max(planned_at(situation, item), situation.reading.now_at)
    return begin + timedelta(milliseconds=item.duration_ms) <= item.expires_at


def is_hushed(situation: Situation, item: AgendaItem, begin: datetime) -> bool:
    """Quiet hours forbid it to sound from ``begin`` on."""
    assert situation.agenda
    if passes_quiet(item):
        return False
    # A session is cut when quiet hours begin; how long it will be nobody knows.
    length = timedelta(seconds=1) if item.source else timedelta(milliseconds=item.duration_ms)
    return touches_quiet(situation.agenda.policy, begin, begin + length)
