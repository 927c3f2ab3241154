"""Clips that are made one after another: one worker takes each, another takes over from a dead one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from broadcaster.refusals.reasons import Reason
from broadcaster.station.rows import changes
from broadcaster.station.schema import Clip, StationClip, Tune

Row = TypeVar("Row", StationClip, Tune)

PATIENCE = timedelta(minutes=5)
"""A worker that took one so long ago and did not finish is dead, and what failed may be tried again."""


@dataclass(frozen=True, slots=True)
class ClipQueue(Generic[Row]):
    """The rows of one table whose clip is still to be made.

    table: of a kind of ``schema.QueuedClip``; key: its primary key; asked_at: since when each waits.
    unless: what takes a row out of the queue although it has no clip.
    topics: counters that a finished clip moves.
    """

    table: type[Row]
    key: InstrumentedAttribute[str]
    asked_at: InstrumentedAttribute[datetime]
    unless: Callable[[], ColumnElement[bool]] | None = None
    topics: tuple[str, ...] = ("jobs",)

    def waiting(self, s: Session, *, now_at: datetime) -> bool:
        """Whether there is one nobody is at work on; asked before claiming, as asking locks nothing."""
        return s.scalar(select(self.key).where(self._free(now_at)).limit(1)) is not None

    def claim(self, s: Session, *, worker: str, now_at: datetime) -> Row | None:
        """The oldest one nobody is at work on, now this worker's."""
        free = self._free(now_at)
        oldest = select(self.key).where(free).order_by(self.asked_at, self.key).limit(1)
        key = s.scalar(oldest.with_for_update(skip_locked=True))
        if key is None:
            return None
        taken = update(self.table).where(self.key == key, free)
        taken = taken.values(claimed_by=worker, claimed_at=now_at, error=None)
        if s.execute(taken.returning(self.key)).scalar() is None:
            return None
        return s.get(self.table, key, populate_existing=True)

    def finish(self, s: Session, *, key: str, clip: Clip) -> None:
        """It is made."""
        s.execute(update(self.table).where(self.key == key).values(clip_sha256=clip.sha256, error=None))
        for topic in self.topics:
            changes.bump(s, topic)

    def fail(self, s: Session, *, key: str, error: Reason) -> None:
        """It could not be made; whether it is tried again is the queue's ``unless``."""
        s.execute(update(self.table).where(self.key == key).values(error=error))
        changes.bump(s, "jobs")

    def _free(self, now_at: datetime) -> ColumnElement[bool]:
        untouched = or_(self.table.claimed_at.is_(None), self.table.claimed_at < now_at - PATIENCE)
        free = and_(self.table.clip_sha256.is_(None), untouched)
        return free if self.unless is None else and_(free, ~self.unless())
