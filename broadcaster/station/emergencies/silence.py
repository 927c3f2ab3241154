"""Silence for the whole commune; orders to sound are in ``emergency_orders``."""

from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Person, StopAll


def silence(s: Session, *, by: Person, reason: str, now_at: datetime) -> StopAll:
    """Every node falls silent and stays so until two people lift the order."""
    return stop_all.order(s, by=by, reason=reason, now_at=now_at)


def ask_to_lift(s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None) -> StopAll:
    """The first of the two; ``meant`` is the order this person saw."""
    return stop_all.ask_lift(s, by=by, now_at=now_at, meant=meant)


def lift(s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None) -> StopAll:
    """The second of the two; another person than the first."""
    return stop_all.lift(s, by=by, now_at=now_at, meant=meant)
