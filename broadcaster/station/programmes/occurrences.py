"""The dates of slots that the scheduler has laid out."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.schema import Occurrence, Slot


def by_id(s: Session, ids: Collection[str]) -> dict[str, Occurrence]:
    """Those of these ids that are there."""
    found = s.scalars(select(Occurrence).where(Occurrence.id.in_(set(ids)))).unique()
    return {each.id: each for each in found}


def between(s: Session, from_at: datetime, until_at: datetime) -> list[Occurrence]:
    """Begin at ``from_at`` or later and before ``until_at``, of every slot and in every state."""
    chosen = select(Occurrence).where(Occurrence.start_at >= from_at, Occurrence.start_at < until_at)
    return list(s.scalars(chosen).unique())


def starting(s: Session, slot: Slot, start_at: datetime) -> Occurrence | None:
    """The date of a slot that begins at this instant."""
    chosen = select(Occurrence).where(Occurrence.slot_id == slot.id, Occurrence.start_at == start_at)
    return s.scalars(chosen).unique().one_or_none()
