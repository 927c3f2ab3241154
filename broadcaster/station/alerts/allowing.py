"""Two people allow beforehand that emergencies of a source sound by themselves; one of them ends it."""

from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.station.alerts.steps import (
    AlertAllowanceStep,
    AlertSourceStep,
    require_allowance_step,
    require_source_step,
)
from broadcaster.station.audit import entries as audit
from broadcaster.station.rows import changes
from broadcaster.station.schema import AlertAllowance, AlertSource, Person


def ask(s: Session, *, source: AlertSource, drill: bool, by: Person, now_at: datetime) -> AlertAllowance:
    """The first person's word; nothing is allowed yet. Raises Conflict or NotAllowed."""
    require_source_step(s, AlertSourceStep.ALLOW_DRILL if drill else AlertSourceStep.ALLOW, source, by)
    allowance = AlertAllowance(source_id=source.id, drill=drill, asked_by_id=by.id, asked_at=now_at)
    s.add(allowance)
    s.flush()
    s.refresh(allowance)
    _note(s, allowance, "asked", by=by, now_at=now_at)
    return allowance


def confirm(s: Session, *, allowance: AlertAllowance, by: Person, now_at: datetime) -> None:
    """The second person's word. Raises Conflict or NotAllowed."""
    require_allowance_step(s, AlertAllowanceStep.CONFIRM, allowance, by)
    allowance.confirmed_by_id, allowance.confirmed_at = by.id, now_at
    _note(s, allowance, "confirmed", by=by, now_at=now_at)


def end(s: Session, *, allowance: AlertAllowance, by: Person, now_at: datetime) -> None:
    """One person is enough for less. Raises Conflict or NotAllowed."""
    require_allowance_step(s, AlertAllowanceStep.END, allowance, by)
    allowance.ended_by_id, allowance.ended_at = by.id, now_at
    _note(s, allowance, "ended", by=by, now_at=now_at)


def _note(s: Session, allowance: AlertAllowance, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"source": allowance.source_id, "drill": allowance.drill}
    subject = f"alert-allowance:{allowance.id}"
    audit.record(s, by=by, action=f"alert_allowance.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "announcements")
