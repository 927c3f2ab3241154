"""The moments at which the station has something to do, read from the tables, which alone remember them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.broadcasts.outcomes import PATIENCE
from broadcaster.station.schema import Broadcast, Occurrence, Slot
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState

READINESS_BEFORE = timedelta(minutes=10)
"""So long before a programme begins the nodes are looked over once more."""
_UNFILLED = (OccurrenceState.PLANNED, OccurrenceState.EMPTY)
_GOING = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)


class MomentKind(StrEnum):
    """What is to be done.

    ASSEMBLE: put a date's programme together and freeze it.
    READINESS: look over the nodes that are to sound.
    START: a broadcast begins.
    SETTLE: a broadcast is over, whatever was heard of it.
    """

    ASSEMBLE = "assemble"
    READINESS = "readiness"
    START = "start"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """at; kind; subject: id of the occurrence or broadcast; title: for people; repeats: a later round of it."""

    at: datetime
    kind: MomentKind
    subject: str
    title: str
    repeats: bool = False

    @property
    def id(self) -> str:
        """The same for the same thing to do, whenever it is derived."""
        return f"{self.kind}:{self.subject}"


def coming(s: Session, *, now_at: datetime, ahead: timedelta) -> list[Moment]:
    """Everything that is to be done, soonest first; what should have been done already is among it.

    ``ahead``: how long before its time a programme is put together where its slot does not say.
    """
    return sorted([*_of_occurrences(s, now_at, ahead), *_of_broadcasts(s, now_at)])


def _of_occurrences(s: Session, now_at: datetime, ahead: timedelta) -> Iterator[Moment]:
    columns = (Occurrence.id, Occurrence.start_at, Occurrence.state, Slot.assemble_minutes, Slot.name)
    chosen = select(*columns).join(Slot, Occurrence.slot_id == Slot.id)
    open_still = chosen.where(
        Occurrence.state.in_([*_UNFILLED, OccurrenceState.FROZEN]),
        (Occurrence.start_at > now_at) | (Occurrence.state == OccurrenceState.PLANNED),
    )
    for occurrence_id, start_at, state, minutes, name in s.execute(open_still):
        before = timedelta(minutes=minutes) if minutes else ahead
        if state in _UNFILLED:
            yield Moment(start_at - before, MomentKind.ASSEMBLE, occurrence_id, name)
        if start_at > now_at:
            yield Moment(start_at - READINESS_BEFORE, MomentKind.READINESS, occurrence_id, name)


def _of_broadcasts(s: Session, now_at: datetime) -> Iterator[Moment]:
    columns = (Broadcast.id, Broadcast.start_at, Broadcast.expires_at, Broadcast.title, Broadcast.repeat_of_id)
    going = select(*columns).where(Broadcast.state.in_(_GOING))
    for broadcast_id, start_at, expires_at, title, repeat_of in s.execute(going):
        again = repeat_of is not None
        if start_at > now_at:
            yield Moment(start_at, MomentKind.START, broadcast_id, title, again)
        yield Moment(expires_at + PATIENCE, MomentKind.SETTLE, broadcast_id, title, again)
