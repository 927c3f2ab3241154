"""Approval: asked for by one person, given by another, bound to the hash of what was heard."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import versions
from broadcaster.station.announcements.decisions import decide, lock
from broadcaster.station.clips import jobs
from broadcaster.station.clips.content import content_hash
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Decision, Person
from broadcaster.station.units.units import require_in
from broadcaster.station.vocabulary.lifecycles import ANNOUNCEMENT, move
from broadcaster.station.vocabulary.states import AnnouncementState, DecisionAction, JobState

__all__ = ["approve", "content_hash", "history", "reject", "send_back", "submit"]


def submit(s: Session, *, announcement: Announcement, by: Person, now_at: datetime) -> None:
    """Ask for approval. Raises Conflict while there is no clip to listen to, or in the wrong state."""
    current = lock(s, announcement)
    require_in(s, current.zones, by=by, permission="write")
    state = move(ANNOUNCEMENT, current.state, AnnouncementState.PENDING_APPROVAL)
    if current.clip_sha256 is None:
        raise Conflict.of(_why_no_clip(s, current))
    if unready := versions.obstacle(s, current):
        raise Conflict.of(unready)
    current.content_hash = content_hash(current)
    current.state = state
    decide(s, current, DecisionAction.SUBMITTED, by=by, now_at=now_at)


def approve(
    s: Session, *, announcement: Announcement, content_hash: str, by: Person, now_at: datetime, comment: str = ""
) -> None:
    """Release it. ``content_hash`` is that of what the approver read and heard.

    Raises Conflict when it is no longer that, NotAllowed when the approver wrote, last edited or submitted it.
    """
    current = lock(s, announcement)
    require_in(s, current.zones, by=by, permission="approve")
    _require_other_eyes(s, current, by)
    state = move(ANNOUNCEMENT, current.state, AnnouncementState.APPROVED)
    if not content_hash or content_hash != current.content_hash or not still_sealed(current):
        raise Conflict("approval.announcement_changed")
    current.state = state
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


def history(s: Session, announcement: Announcement) -> list[Decision]:
    """Every decision about it, oldest first."""
    mine = select(Decision).where(Decision.announcement_id == announcement.id)
    return list(s.scalars(mine.order_by(Decision.number)))


def still_sealed(announcement: Announcement) -> bool:
    """Whether nothing the hash covers changed since it was taken."""
    return announcement.clip_sha256 is not None and announcement.content_hash == content_hash(announcement)


def _refuse(
    s: Session, announcement: Announcement, action: DecisionAction, *, by: Person, now_at: datetime, comment: str
) -> None:
    current = lock(s, announcement)
    require_in(s, current.zones, by=by, permission="approve")
    current.state = move(ANNOUNCEMENT, current.state, AnnouncementState(action.value))
    decide(s, current, action, by=by, now_at=now_at, comment=comment)


def _require_other_eyes(s: Session, announcement: Announcement, by: Person) -> None:
    mine = select(Decision.by_id).where(
        Decision.announcement_id == announcement.id, Decision.action == DecisionAction.SUBMITTED
    )
    submitter = s.scalar(mine.order_by(Decision.number.desc()).limit(1))
    if by.id in (announcement.created_by_id, announcement.updated_by_id, submitter):
        raise NotAllowed("approval.own_announcement")


def _why_no_clip(s: Session, announcement: Announcement) -> Reason:
    job = jobs.latest(s, announcement)
    if job is not None and job.state is JobState.FAILED:
        return Reason("approval.clip_failed", why=job.error or jobs.UNKNOWN_FAULT)
    if job is not None and job.state in jobs.LIVE:
        return Reason("approval.clip_being_made")
    return Reason("approval.no_clip")
