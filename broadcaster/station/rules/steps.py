"""What a person may do with a stop-all now: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import Person, StopAll


class StopAllStep(StrEnum):
    """One thing to do with a stop-all. ASK_TO_LIFT: the first of the two who lift it; LIFT: the second."""

    ASK_TO_LIFT = "ask_to_lift"
    LIFT = "lift"


def steps(s: Session, stop: StopAll, person: Person) -> frozenset[StopAllStep]:
    """All that this person may do with it now."""
    return permitted(StopAllStep, partial(_require, s, stop, person))


def require_step(s: Session, step: StopAllStep, stop: StopAll, person: Person) -> None:
    """Raises NotAllowed, also for one person alone, or Conflict."""
    require(s, person, Permission.EMERGENCY, None)
    if stop.lifted_at is not None:
        raise Conflict("stop_all.lifted_already")
    if step is StopAllStep.ASK_TO_LIFT:
        if stop.lift_asked_by_id is not None:
            raise Conflict("stop_all.proposed_already")
    elif stop.lift_asked_by_id is None:
        raise Conflict("stop_all.nobody_proposed")
    elif stop.lift_asked_by_id == person.id:
        raise NotAllowed("stop_all.own_proposal")


def _require(s: Session, stop: StopAll, person: Person, step: StopAllStep) -> None:
    require_step(s, step, stop, person)
