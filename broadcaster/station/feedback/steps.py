"""What a person may do with a resident's message now: the act asks it, and its page and the API show it."""

from collections.abc import Collection
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, may, require
from broadcaster.station.schema import Feedback, Person
from broadcaster.station.vocabulary.lifecycles import FEEDBACK, move
from broadcaster.station.vocabulary.states import FeedbackState

ANSWERERS = (Permission.BROADCAST, Permission.MANAGE_NODES)
"""Whoever holds one of these where the node stands may read the message and see to it."""


class FeedbackStep(StrEnum):
    """One thing to do with it. DRAFT: make the answer a draft of an announcement."""

    TAKE = "take"
    PUT_BACK = "put_back"
    ANSWER = "answer"
    DRAFT = "draft"


STATE_AFTER = {
    FeedbackStep.TAKE: FeedbackState.IN_HAND,
    FeedbackStep.PUT_BACK: FeedbackState.NEW,
    FeedbackStep.ANSWER: FeedbackState.ANSWERED,
}


def steps(s: Session, feedback: Feedback, person: Person) -> frozenset[FeedbackStep]:
    """All that this person may do with it now."""
    return permitted(FeedbackStep, partial(_require, s, feedback, person))


def require_step(s: Session, step: FeedbackStep, feedback: Feedback, person: Person) -> None:
    """Raises NotAllowed, or Conflict for a message in a state that does not permit it."""
    if not sees(s, person, feedback.node.unit_id):
        raise NotAllowed("feedback.not_yours", person=person.full_name, node=feedback.node.name)
    if feedback.same_as_id is not None:
        raise Conflict("feedback.joined")
    if step is FeedbackStep.DRAFT:
        require(s, person, Permission.WRITE, feedback.node.unit_id)
        if feedback.state is not FeedbackState.ANSWERED:
            raise Conflict("feedback.not_answered")
        if feedback.announcement_id is not None:
            raise Conflict("feedback.drafted")
    else:
        move(FEEDBACK, feedback.state, STATE_AFTER[step])


def sees(s: Session, person: Person, unit_id: str) -> bool:
    """Whether this person may read what residents say about nodes of this unit: telephones stand there."""
    return any(may(s, person, each, unit_id) for each in ANSWERERS)


def seen_units(s: Session, person: Person, unit_ids: Collection[str]) -> list[str]:
    """Those of which this person may read it."""
    return sorted(each for each in unit_ids if sees(s, person, each))


def _require(s: Session, feedback: Feedback, person: Person, step: FeedbackStep) -> None:
    require_step(s, step, feedback, person)
