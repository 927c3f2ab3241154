"""The steps of an announcement's approval, and holding an announcement while one is taken."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.clips.content import plain_content
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Decision, Person
from broadcaster.station.vocabulary.states import DecisionAction, Origin


def get(s: Session, announcement_id: str) -> Announcement:
    """Raises NotFound."""
    announcement = s.get(Announcement, announcement_id)
    if announcement is None:
        raise NotFound("announcement.not_found")
    return announcement


def lock(s: Session, announcement: Announcement) -> Announcement:
    """The announcement as it is now, and nobody else's to change until the transaction ends. Raises NotFound."""
    chosen = select(Announcement).where(Announcement.id == announcement.id)
    fresh = s.scalar(chosen.with_for_update(of=Announcement).execution_options(populate_existing=True))
    return fresh if fresh is not None else get(s, announcement.id)


def decide(
    s: Session,
    announcement: Announcement,
    action: DecisionAction,
    *,
    by: Person,
    now_at: datetime,
    comment: str = "",
) -> None:
    """Write down one step of the announcement's approval."""
    before = s.scalar(select(func.max(Decision.number)).where(Decision.announcement_id == announcement.id))
    said = comment.replace("\x00", "").strip()[:2000]
    s.add(
        Decision(
            announcement_id=announcement.id,
            number=(before or 0) + 1,
            content_hash=announcement.content_hash or "",
            content=plain_content(announcement),
            action=action,
            by_id=by.id,
            at=now_at,
            comment=said,
        )
    )
    if action is not DecisionAction.VOIDED:
        announcement.comment = said or None
    note(s, announcement, f"announcement.{action}", by=by, now_at=now_at)


def note(s: Session, announcement: Announcement, action: str, *, by: Person, now_at: datetime) -> None:
    """Write an act on the announcement into the audit trail, and tell the watchers."""
    details = {"title": announcement.title, "revision": announcement.revision, "hash": announcement.content_hash}
    if announcement.origin is not Origin.COMMUNE:
        details |= {
            "origin": announcement.origin,
            "document": announcement.document_number,
            "sent_class": announcement.sent_class,
            "class": announcement.broadcast_class,
            "class_reason": announcement.class_reason,
        }
    subject = f"announcement:{announcement.id}"
    audit.record(s, by=by, action=action, subject=subject, now_at=now_at, details=details)
    for name in ("announcements", "slots"):
        changes.bump(s, name)
