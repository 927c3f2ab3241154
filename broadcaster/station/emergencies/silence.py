"""Silence for the whole commune, and what its end would bring back; orders to sound are in ``orders``."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.broadcasts import repetitions as repeating
from broadcaster.station.broadcasts.test_tones import are_chirps
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Broadcast, Person, StopAll
from broadcaster.station.vocabulary.states import BroadcastState

_OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)


def silence(s: Session, *, by: Person, reason: str, now_at: datetime) -> StopAll:
    """Every node falls silent and stays so until two people lift the order."""
    return stop_all.order(s, by=by, reason=reason, now_at=now_at)


def ask_to_lift(s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None) -> StopAll:
    """The first of the two; ``meant`` is the order this person saw."""
    return stop_all.ask_lift(s, by=by, now_at=now_at, meant=meant)


def lift(
    s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None, resume: Collection[str] = ()
) -> StopAll:
    """The second of the two; another person than the first.

    Nothing of what was going on comes back by itself: what ``would_sound`` names is ended, but for the ids in
    ``resume``. What the timetable brings later is the timetable's.
    """
    lifted = stop_all.lift(s, by=by, now_at=now_at, meant=meant)
    for each in would_sound(s, now_at=now_at):
        if each.id not in resume:
            repeating.end(s, each, by=by, now_at=now_at)
    return lifted


def would_sound(s: Session, *, now_at: datetime) -> list[Broadcast]:
    """What has begun and is not over, of an alarm that is repeated its first sounding; the earliest first."""
    going_on = select(Broadcast.id, Broadcast.repeat_of_id).where(
        Broadcast.state.in_(_OPEN),
        ~are_chirps(),
        (Broadcast.start_at <= now_at) & (Broadcast.expires_at > now_at) | Broadcast.repeat_of_id.is_not(None),
    )
    roots = {root or broadcast_id for broadcast_id, root in s.execute(going_on)}
    found = s.scalars(select(Broadcast).where(Broadcast.id.in_(roots)).order_by(Broadcast.start_at, Broadcast.id))
    return list(found.unique())
