"""What a person may do with a tune now: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import Person, Tune


class TuneStep(StrEnum):
    """One thing to do with a tune; each is a button on its page. A tune belongs to the whole commune."""

    APPROVE = "approve"
    REMOVE = "remove"


_ASKED = {TuneStep.APPROVE: Permission.APPROVE, TuneStep.REMOVE: Permission.WRITE}


def steps(s: Session, tune: Tune, person: Person) -> frozenset[TuneStep]:
    """All that this person may do with it now."""
    return permitted(TuneStep, partial(_require, s, tune, person))


def require_step(s: Session, step: TuneStep, tune: Tune, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    require(s, person, _ASKED[step], None)
    if tune.removed_at is not None:
        raise Conflict("tune.removed")
    if step is not TuneStep.APPROVE:
        return
    if person.id == tune.added_by_id:
        raise NotAllowed("tune.own")
    if tune.clip_sha256 is None:
        raise Conflict("tune.not_heard", field="clip_sha256")
    if tune.approved_at is not None:
        raise Conflict("tune.approved_already")


def _require(s: Session, tune: Tune, person: Person, step: TuneStep) -> None:
    require_step(s, step, tune, person)
