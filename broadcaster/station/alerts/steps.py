"""What a person may do with a source of warnings and what is allowed of it: the act asks it, page and API show it."""

from enum import StrEnum

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.alerts import allowances
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import AlertAllowance, AlertSource, Person
from broadcaster.station.schema.alerts import CAP


class AlertSourceStep(StrEnum):
    """ALLOW, ALLOW_DRILL: ask that its emergencies, or exercises, sound by themselves; CLOSE: take in nothing more."""

    ALLOW = "allow"
    ALLOW_DRILL = "allow_drill"
    CLOSE = "close"


class AlertAllowanceStep(StrEnum):
    """CONFIRM: the second person's word; END: nothing sounds by it any more."""

    CONFIRM = "confirm"
    END = "end"


def source_steps(s: Session, source: AlertSource, person: Person) -> frozenset[AlertSourceStep]:
    """All that this person may do with the source now."""
    return permitted(AlertSourceStep, lambda step: require_source_step(s, step, source, person))


def require_source_step(s: Session, step: AlertSourceStep, source: AlertSource, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    closing = step is AlertSourceStep.CLOSE
    require(s, person, Permission.MANAGE_PEOPLE if closing else Permission.APPROVE, None)
    if source.closed_at is not None:
        raise Conflict("alert.source_closed")
    if source.kind != CAP:
        raise Conflict("alert.never_alone")
    drill = step is AlertSourceStep.ALLOW_DRILL
    if not closing and any(each.drill is drill for each in allowances.listing(s, source)):
        raise Conflict("alert.already_asked")


def allowance_steps(s: Session, allowance: AlertAllowance, person: Person) -> frozenset[AlertAllowanceStep]:
    """All that this person may do with the allowance now."""
    return permitted(AlertAllowanceStep, lambda step: require_allowance_step(s, step, allowance, person))


def require_allowance_step(s: Session, step: AlertAllowanceStep, allowance: AlertAllowance, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    ending = step is AlertAllowanceStep.END
    require(s, person, Permission.EMERGENCY if ending else Permission.APPROVE, None)
    if allowance.ended_at is not None or (not ending and allowance.confirmed_at is not None):
        raise Conflict("alert.allowance_settled")
    if not ending and person.id == allowance.asked_by_id:
        raise NotAllowed("alert.own_allowance")
