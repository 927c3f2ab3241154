"""The dates of slots in the database: laid out ahead, filled when their time is near, each exactly once.

Any number of processes may do all of this at once, and be killed at any point of it: an occurrence is unique by slot
and instant, and whoever fills one holds its row.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts.freezing import STANDARD, Timing
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.rows import changes
from broadcaster.station.schema import Occurrence, Slot, new_id
from broadcaster.station.vocabulary.lifecycles import OCCURRENCE, move
from broadcaster.station.vocabulary.states import OccurrenceState
from scheduler.recurrence import Recurrence, parse
from scheduler.timetable import lay_out

log = logging.getLogger(__name__)

FORGOTTEN = timedelta(days=31)
"""A station that was off for longer notes as missed only what it missed in the last so many days."""
EARLIEST = timedelta(hours=48)
"""No slot has its programme put together earlier."""
RULE_CHANGED = Reason("occurrence.rule_changed")

_OPEN = (OccurrenceState.PLANNED, OccurrenceState.FROZEN, OccurrenceState.EMPTY)


def expand(s: Session, *, now_at: datetime, horizon: timedelta) -> int:
    """Lay out every slot up to ``horizon`` ahead; how many dates were added, withdrawn or brought back.

    Also lays out the dates that went by unseen while the station was off, so that they can be noted as missed.
    """
    standing = select(Slot).where(Slot.removed_at.is_(None)).order_by(Slot.id).with_for_update(of=Slot)
    return sum(_expand(s, slot, now_at=now_at, until_at=now_at + horizon) for slot in s.scalars(standing).unique())


def freeze_due(
    database: Database, *, now_at: datetime, ahead: timedelta, timing: Timing = STANDARD, worker: str = ""
) -> int:
    """Fill, or bring up to date, every occurrence that begins within ``ahead``, or within what its slot says; how many
    were looked at.

    Each has its own short transaction. One that another process holds is left to that process.
    """
    with database.reading() as s:
        due = _due(s, now_at=now_at, until_at=now_at + ahead)
    for occurrence_id in due:
        with database.session() as s:
            occurrence = _claim(s, occurrence_id)
            if occurrence is not None:
                freeze_occurrence(s, occurrence=occurrence, now_at=now_at, timing=timing, worker=worker)
    return len(due)


def recurrence_of(slot: Slot) -> Recurrence:
    """Raises Invalid when the slot's rule cannot be read."""
    return parse(slot.rule, timezone=slot.timezone, paused_until_on=slot.paused_until_on)


def _expand(s: Session, slot: Slot, *, now_at: datetime, until_at: datetime) -> int:
    try:
        recurrence = recurrence_of(slot)
    except Invalid as error:
        log.error("slot %s cannot be laid out: %s", slot.id, error)
        return 0
    from_at = _unseen_since(s, slot, now_at)
    wanted = {planned.start_at for planned in lay_out([(slot.id, recurrence)], from_at=from_at, until_at=until_at)}
    known = select(Occurrence).where(
        Occurrence.slot_id == slot.id, Occurrence.start_at >= from_at, Occurrence.start_at < until_at
    )
    there = {occurrence.start_at: occurrence for occurrence in s.scalars(known).unique()}
    changed = _insert(s, slot, wanted - there.keys())
    changed += _withdraw(s, (there[at] for at in there.keys() - wanted if at > now_at), now_at)
    changed += _bring_back(there[at] for at in there.keys() & wanted if at > now_at)
    if changed:
        changes.bump(s, "slots")
    return changed


def _unseen_since(s: Session, slot: Slot, now_at: datetime) -> datetime:
    last_at = s.scalar(select(func.max(Occurrence.start_at)).where(Occurrence.slot_id == slot.id))
    since_at = max(slot.created_at, last_at or slot.created_at, now_at - FORGOTTEN)
    return min(since_at, now_at) if now_at >= slot.created_at else slot.created_at


def _insert(s: Session, slot: Slot, starts: Iterable[datetime]) -> int:
    rows = [
        {"id": new_id(), "slot_id": slot.id, "start_at": start_at, "state": OccurrenceState.PLANNED, "reason": None}
        for start_at in sorted(starts)
    ]
    if not rows:
        return 0
    insert = postgresql.insert if s.get_bind().dialect.name == "postgresql" else sqlite.insert
    once = insert(Occurrence).values(rows).on_conflict_do_nothing(index_elements=["slot_id", "start_at"])
    return len(s.execute(once.returning(Occurrence.id)).all())


def _withdraw(s: Session, unwanted: Iterable[Occurrence], now_at: datetime) -> int:
    going = [occurrence for occurrence in unwanted if occurrence.state in _OPEN]
    for occurrence in going:
        slots.cancel_occurrence(s, occurrence, reason=RULE_CHANGED, by=None, now_at=now_at)
    return len(going)


def _bring_back(wanted: Iterable[Occurrence]) -> int:
    """Only what a rule withdrew: a single date that a person cancelled stays cancelled."""
    coming = [each for each in wanted if (each.state, each.reason) == (OccurrenceState.CANCELLED, RULE_CHANGED)]
    for occurrence in coming:
        occurrence.state = move(OCCURRENCE, occurrence.state, OccurrenceState.PLANNED)
        occurrence.reason = None
    return len(coming)


def _due(s: Session, *, now_at: datetime, until_at: datetime) -> list[str]:
    """What has begun is no longer touched; only a date that was never filled is still judged: late, or missed."""
    open_still = Occurrence.state.in_(_OPEN) & (Occurrence.start_at > now_at)
    never_filled = Occurrence.state == OccurrenceState.PLANNED
    columns = (Occurrence.id, Occurrence.start_at, Occurrence.state, Slot.assemble_minutes)
    chosen = select(*columns).join(Slot, Occurrence.slot_id == Slot.id)
    near = chosen.where(Occurrence.start_at <= max(until_at, now_at + EARLIEST), open_still | never_filled)
    return [
        occurrence_id
        for occurrence_id, start_at, state, minutes in s.execute(near.order_by(Occurrence.start_at, Occurrence.id))
        # what was sent already is kept up to date, whenever it would be put together today
        if state is OccurrenceState.FROZEN or start_at <= (now_at + timedelta(minutes=minutes) if minutes else until_at)
    ]


def _claim(s: Session, occurrence_id: str) -> Occurrence | None:
    """None when another process has it at this moment. SQLite has one writer at a time, which is us."""
    chosen = select(Occurrence).where(Occurrence.id == occurrence_id)
    return s.scalars(chosen.with_for_update(of=Occurrence, skip_locked=True)).unique().one_or_none()
