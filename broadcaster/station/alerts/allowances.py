"""What two people allow beforehand: that emergencies of exactly one source sound without anybody at the console."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed, NotFound
from broadcaster.station.alerts.sources import CAP
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import may, require
from broadcaster.station.rows import changes
from broadcaster.station.schema import AlertAllowance, AlertSource, Person


def ask(s: Session, *, source: AlertSource, drill: bool, by: Person, now_at: datetime) -> AlertAllowance:
    """The first person's word; nothing is allowed yet. Raises Conflict or NotAllowed."""
    require(s, by, "approve", None)
    if source.closed_at is not None:
        raise Conflict("alert.source_closed")
    if any(each.drill is drill for each in listing(s, source)):
        raise Conflict("alert.already_asked")
    allowance = AlertAllowance(source_id=source.id, drill=drill, asked_by_id=by.id, asked_at=now_at)
    s.add(allowance)
    s.flush()
    s.refresh(allowance)
    _note(s, allowance, "asked", by=by, now_at=now_at)
    return allowance


def confirm(s: Session, *, allowance: AlertAllowance, by: Person, now_at: datetime) -> None:
    """The second person's word. Raises Conflict or NotAllowed."""
    require(s, by, "approve", None)
    if allowance.ended_at is not None or allowance.confirmed_at is not None:
        raise Conflict("alert.allowance_settled")
    if by.id == allowance.asked_by_id:
        raise NotAllowed("alert.own_allowance")
    allowance.confirmed_by_id, allowance.confirmed_at = by.id, now_at
    _note(s, allowance, "confirmed", by=by, now_at=now_at)


def end(s: Session, *, allowance: AlertAllowance, by: Person, now_at: datetime) -> None:
    """One person is enough for less. Raises Conflict or NotAllowed."""
    require(s, by, "emergency", None)
    if allowance.ended_at is not None:
        raise Conflict("alert.allowance_settled")
    allowance.ended_by_id, allowance.ended_at = by.id, now_at
    _note(s, allowance, "ended", by=by, now_at=now_at)


def get(s: Session, allowance_id: str) -> AlertAllowance:
    """Raises NotFound."""
    allowance = s.get(AlertAllowance, allowance_id)
    if allowance is None:
        raise NotFound("alert.allowance_not_found")
    return allowance


def listing(s: Session, source: AlertSource) -> list[AlertAllowance]:
    """Those of a source that did not end, asked or confirmed."""
    chosen = select(AlertAllowance).where(AlertAllowance.source_id == source.id, AlertAllowance.ended_at.is_(None))
    return list(s.scalars(chosen.order_by(AlertAllowance.asked_at)))


def in_force(s: Session, source: AlertSource, *, drill: bool) -> AlertAllowance | None:
    """What allows emergencies of this source, drills or real ones, while both people may still approve."""
    if source.closed_at is not None or source.kind != CAP:
        return None
    for each in listing(s, source):
        people = (each.asked_by, each.confirmed_by)
        if each.drill is drill and all(person and may(s, person, "approve", None) for person in people):
            return each
    return None


def _note(s: Session, allowance: AlertAllowance, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"source": allowance.source_id, "drill": allowance.drill}
    subject = f"alert-allowance:{allowance.id}"
    audit.record(s, by=by, action=f"alert_allowance.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "announcements")
