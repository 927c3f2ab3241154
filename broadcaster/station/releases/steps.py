"""What a person may do with a release now: the act asks it, and its page and the API show it."""

from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.releases.planning import RUNNING
from broadcaster.station.schema import NodeRelease, Person
from broadcaster.station.vocabulary.states import ReleaseStage


class ReleaseStep(StrEnum):
    """One thing to do with a release. START and RESUME, what was paused or stopped: by another person than who
    uploaded it."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"


_FROM = {
    ReleaseStep.START: frozenset({ReleaseStage.UPLOADED}),
    ReleaseStep.PAUSE: RUNNING,
    ReleaseStep.RESUME: RUNNING | {ReleaseStage.STOPPED},
    ReleaseStep.WITHDRAW: RUNNING | {ReleaseStage.UPLOADED, ReleaseStage.STOPPED},
}


def steps(s: Session, release: NodeRelease, person: Person) -> frozenset[ReleaseStep]:
    """All that this person may do with it now."""
    return permitted(ReleaseStep, partial(_require, s, release, person))


def require_step(s: Session, step: ReleaseStep, release: NodeRelease, person: Person) -> None:
    """Raises NotAllowed, or Conflict when it is not the time for it."""
    require(s, person, Permission.MANAGE_NODES, None)
    if step in (ReleaseStep.START, ReleaseStep.RESUME) and release.uploaded_by_id == person.id:
        raise NotAllowed("release.needs_another", person=person.full_name)
    rests = release.paused or release.stage is ReleaseStage.STOPPED
    wrong = rests if step is ReleaseStep.PAUSE else step is ReleaseStep.RESUME and not rests
    if release.stage not in _FROM[step] or wrong:
        raise Conflict("release.not_now", program=release.program)


def _require(s: Session, release: NodeRelease, person: Person, step: ReleaseStep) -> None:
    require_step(s, step, release, person)
