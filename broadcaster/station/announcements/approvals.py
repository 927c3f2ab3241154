"""Approval: asked for by one person, given by another, bound to the hash of what was heard."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.announcements.decisions import decide, lock
from broadcaster.station.announcements.steps import Step, require_step
from broadcaster.station.clips.content import content_hash
from broadcaster.station.notices import events
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Decision, Person
from broadcaster.station.units.units import units_in
from broadcaster.station.vocabulary.lifecycles import ANNOUNCEMENT, move
from broadcaster.station.vocabulary.pages import SIZE
from broadcaster.station.vocabulary.states import AnnouncementState, DecisionAction
from broadcaster.station.vocabulary.wishes import Wish

_REFUSALS = {DecisionAction.RETURNED: Step.RETURN, DecisionAction.REJECTED: Step.REJECT}

__all__ = ["approve", "content_hash", "history", "queue", "reject", "send_back", "submit", "submitter"]


def submit(s: Session, *, announcement: Announcement, by: Person, now_at: datetime, wish: Wish | None = None) -> None:
    """Ask for approval, and for the time that shall be sealed with it (checked by ``programmes.wishes``).

    Raises Conflict while there is no clip to listen to, or in the wrong state.
    """
    current = lock(s, announcement)
    require_step(s, Step.SUBMIT, current, by)
    current.wish = wish
    current.content_hash = content_hash(current)
    current.state = move(ANNOUNCEMENT, current.state, AnnouncementState.PENDING_APPROVAL)
    decide(s, current, DecisionAction.SUBMITTED, by=by, now_at=now_at)
    events.approval_waits(s, announcement=current, units=units_in(s, current.zones), by=by, now_at=now_at)


def approve(
    s: Session, *, announcement: Announcement, content_hash: str, by: Person, now_at: datetime, comment: str = ""
) -> None:
    """Release it. ``content_hash`` is that of what the approver read and heard.

    Raises Invalid without it, Conflict when it is no longer that, NotAllowed when the approver wrote any part of it
    since the last approval, or submitted it.
    """
    current = lock(s, announcement)
    require_step(s, Step.APPROVE, current, by)
    if not content_hash:
        raise Invalid("approval.hash_missing", field="content_hash")
    if content_hash != current.content_hash:
        raise Conflict("approval.announcement_changed")
    current.state = move(ANNOUNCEMENT, current.state, AnnouncementState.APPROVED)
    current.authors = []
    decide(s, current, DecisionAction.APPROVED, by=by, now_at=now_at, comment=comment)
    changes.bump(s, "agendas")


def send_back(s: Session, *, announcement: Announcement, by: Person, now_at: datetime, comment: str) -> None:
    """Return it to its author with a remark. Raises Invalid without one."""
    if not comment.strip():
        raise Invalid("approval.return_without_comment", field="comment")
    _refuse(s, announcement, DecisionAction.RETURNED, by=by, now_at=now_at, comment=comment)


def reject(s: Session, *, announcement: Announcement, by: Person, now_at: datetime, comment: str) -> None:
    """Refuse it for good, with the reason. Raises Invalid without one."""
    if not comment.strip():
        raise Invalid("approval.rejection_without_comment", field="comment")
    _refuse(s, announcement, DecisionAction.REJECTED, by=by, now_at=now_at, comment=comment)


def submitter(s: Session, announcement: Announcement) -> Person | None:
    """Who asked for approval last; None when nobody did."""
    asked = (Decision.announcement_id == announcement.id, Decision.action == DecisionAction.SUBMITTED)
    found = s.scalars(select(Decision).where(*asked).order_by(Decision.number.desc()).limit(1)).unique().first()
    return found.by if found else None


def queue(s: Session, *, most: int = SIZE) -> list[Announcement]:
    """What waits for a decision; what was sent first stands first."""
    mine = (Decision.announcement_id == Announcement.id, Decision.action == DecisionAction.SUBMITTED)
    sent_at = select(func.max(Decision.at)).where(*mine).scalar_subquery()
    pending = select(Announcement).where(Announcement.state == AnnouncementState.PENDING_APPROVAL)
    return list(s.scalars(pending.order_by(sent_at, Announcement.updated_at, Announcement.id).limit(most)).unique())


def history(s: Session, announcement: Announcement) -> list[Decision]:
    """Every decision about it, oldest first."""
    mine = select(Decision).where(Decision.announcement_id == announcement.id)
    return list(s.scalars(mine.order_by(Decision.number)))


def _refuse(
    s: Session, announcement: Announcement, action: DecisionAction, *, by: Person, now_at: datetime, comment: str
) -> None:
    current = lock(s, announcement)
    require_step(s, _REFUSALS[action], current, by)
    current.state = move(ANNOUNCEMENT, current.state, AnnouncementState(action.value))
    decide(s, current, action, by=by, now_at=now_at, comment=comment)
