"""The inbox: every message once, however often it was said; taken in hand, answered, made an announcement."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotFound
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import announcements
from broadcaster.station.audit import entries as audit
from broadcaster.station.feedback.steps import STATE_AFTER, FeedbackStep, require_step, seen_units
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Feedback, Node, Person, Unit
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.lifecycles import FEEDBACK, move
from broadcaster.station.vocabulary.names import tidy
from broadcaster.station.vocabulary.pages import Page, page_of
from broadcaster.station.vocabulary.states import FeedbackState

LONGEST_ANSWER = 1_000


def listing(
    s: Session, *, by: Person, state: str = "", node_id: str = "", page: int = 1, size: int = 50
) -> Page[Feedback]:
    """Those about nodes this person sees to, newest first. Raises Invalid for a state nobody knows."""
    if state and state not in set(FeedbackState):
        raise Invalid("feedback.state_unknown", field="state")
    chosen = _seen_by(s, by).order_by(Feedback.received_at.desc(), Feedback.id)
    if state:
        chosen = chosen.where(Feedback.state == FeedbackState(state))
    if node_id:
        chosen = chosen.where(Feedback.node_id == node_id)
    return page_of(s, chosen, page=page, size=size)


def new_count(s: Session, by: Person) -> int:
    """How many that this person sees to nobody has taken in hand."""
    mine = _seen_by(s, by).where(Feedback.state == FeedbackState.NEW).subquery()
    return s.scalar(select(func.count()).select_from(mine)) or 0


def times(s: Session, rows: Collection[Feedback]) -> dict[str, int]:
    """How often each was said in all, by its id."""
    ids = [each.id for each in rows]
    counted = select(Feedback.same_as_id, func.count()).where(Feedback.same_as_id.in_(ids))
    again: dict[str | None, int] = dict(s.execute(counted.group_by(Feedback.same_as_id)).all())
    return {each: 1 + again.get(each, 0) for each in ids}


def said_again(s: Session, feedback: Feedback) -> Sequence[Feedback]:
    """The messages that say the same, oldest first: some carry another telephone."""
    same = select(Feedback).where(Feedback.same_as_id == feedback.id)
    return s.scalars(same.order_by(Feedback.received_at, Feedback.id)).unique().all()


def get(s: Session, feedback_id: str) -> Feedback:
    """Raises NotFound."""
    found = s.get(Feedback, feedback_id)
    if found is None:
        raise NotFound("feedback.not_found")
    return found


def of_code(s: Session, code: str) -> Feedback:
    """What a resident's code names, however it was typed. Raises NotFound."""
    plain = re.sub(r"[^0-9A-Z]", "", code.upper())[:16]
    found = s.scalar(select(Feedback).where(Feedback.code == plain)) if plain else None
    if found is None:
        raise NotFound("feedback.code_unknown", field="code")
    return found


def first_of(s: Session, feedback: Feedback) -> Feedback:
    """The message it repeats, or itself: whose state and answer count."""
    return get(s, feedback.same_as_id) if feedback.same_as_id else feedback


def take(s: Session, feedback: Feedback, *, by: Person, now_at: datetime) -> None:
    """Somebody sees to it. Raises NotAllowed, Conflict."""
    _move(s, feedback, FeedbackStep.TAKE, by)
    feedback.taken_by_id, feedback.taken_at = by.id, now_at
    _note(s, feedback, "taken", by=by, now_at=now_at)


def put_back(s: Session, feedback: Feedback, *, by: Person, now_at: datetime) -> None:
    """Who took it cannot see to it. Raises NotAllowed, Conflict."""
    _move(s, feedback, FeedbackStep.PUT_BACK, by)
    feedback.taken_by_id, feedback.taken_at = None, None
    _note(s, feedback, "put_back", by=by, now_at=now_at)


def answer(s: Session, feedback: Feedback, *, text: str, by: Person, now_at: datetime) -> None:
    """What the resident reads behind their code. Raises Invalid, NotAllowed, Conflict."""
    words = "\n".join(line for line in (tidy(each) for each in text.splitlines()) if line)
    if not words:
        raise Invalid("feedback.answer_empty", field="answer")
    if len(words) > LONGEST_ANSWER:
        raise Invalid("feedback.answer_too_long", field="answer", longest=LONGEST_ANSWER)
    _move(s, feedback, FeedbackStep.ANSWER, by)
    feedback.answer, feedback.answered_by_id, feedback.answered_at = words, by.id, now_at
    _note(s, feedback, "answered", by=by, now_at=now_at)


def draft(s: Session, feedback: Feedback, *, by: Person, now_at: datetime) -> Announcement:
    """The answer as a draft of an announcement for the node's hamlet; it goes the ordinary way of approval.

    Raises NotAllowed, Conflict, and as ``announcements.create``.
    """
    _lock(s, feedback)
    require_step(s, FeedbackStep.DRAFT, feedback, by)
    written = AnnouncementFields(
        title=f"Trả lời phản ánh về {feedback.node.name}"[:200],
        text=feedback.answer,
        zones=[feedback.node.unit_id],
        broadcast_class=BroadcastClass.ROUTINE,
    )
    made = announcements.create(s, written, by=by, now_at=now_at)
    feedback.announcement_id = made.id
    _note(s, feedback, "drafted", by=by, now_at=now_at)
    return made


def _seen_by(s: Session, by: Person) -> Select[Feedback]:
    units = seen_units(s, by, s.scalars(select(Unit.id)).all())
    nodes = select(Node.id).where(Node.unit_id.in_(units))
    return select(Feedback).where(Feedback.same_as_id.is_(None), Feedback.node_id.in_(nodes))


def _move(s: Session, feedback: Feedback, step: FeedbackStep, by: Person) -> None:
    _lock(s, feedback)
    require_step(s, step, feedback, by)
    feedback.state = move(FEEDBACK, feedback.state, STATE_AFTER[step])


def _lock(s: Session, feedback: Feedback) -> None:
    """Until the transaction ends nobody else moves it."""
    s.execute(select(Feedback.id).where(Feedback.id == feedback.id).with_for_update())
    s.refresh(feedback)


def _note(s: Session, feedback: Feedback, action: str, *, by: Person, now_at: datetime) -> None:
    details = {"name": feedback.node.name, "problem": feedback.problem.value, "state": feedback.state.value}
    subject = f"feedback:{feedback.id}"
    audit.record(s, by=by, action=f"feedback.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "feedback")
