"""What two people allow beforehand: that emergencies of exactly one source sound without anybody at the console."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.station.people.roles import may
from broadcaster.station.schema import AlertAllowance, AlertSource
from broadcaster.station.schema.alerts import CAP


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
