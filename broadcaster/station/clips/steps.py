"""What a person may do with a tune, or a line of the dictionary: the act asks it, and page and API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed, NotFound
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import DictionaryEntry, Person, Tune


class TuneStep(StrEnum):
    """One thing to do with a tune; each is a button on its page. A tune belongs to the whole commune."""

    APPROVE = "approve"
    REMOVE = "remove"


class ReadingStep(StrEnum):
    """REMOVE: forget a line; RELEASE: the station itself says it so, or no more, from now on."""

    REMOVE = "remove"
    RELEASE = "release"


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


def reading_steps(s: Session, line: DictionaryEntry, person: Person) -> frozenset[ReadingStep]:
    """All that this person may do with the line now."""
    return permitted(ReadingStep, lambda step: require_reading_step(s, step, line, person))


def require_reading_step(s: Session, step: ReadingStep, line: DictionaryEntry, person: Person) -> None:
    """Raises NotAllowed, also for whoever wrote part of what is released, or NotFound for a line removed before."""
    releasing = step is ReadingStep.RELEASE
    require(s, person, Permission.APPROVE if releasing else Permission.WRITE, line.unit_id)
    if releasing and person.id in line.authors:
        raise NotAllowed("dictionary.own_line")
    if not releasing and line.removed_at is not None:
        raise NotFound("dictionary.not_found")
