"""Which announcements wait for whom."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.station.schema import Announcement, Person
from broadcaster.station.vocabulary.states import AnnouncementState


def pending_count(s: Session) -> int:
    """How many wait for a decision."""
    pending = select(func.count()).where(Announcement.state == AnnouncementState.PENDING_APPROVAL)
    return s.scalar(pending) or 0


def written_by(s: Session, person: Person, *, state: AnnouncementState, most: int) -> list[Announcement]:
    """Those somebody began that are in this state, newest change first."""
    mine = select(Announcement).where(Announcement.created_by_id == person.id, Announcement.state == state)
    return list(s.scalars(mine.order_by(Announcement.updated_at.desc()).limit(most)))


def approved_titles(s: Session, *, most: int) -> list[tuple[str, str]]:
    """Id and title of what may be broadcast, newest change first."""
    approved = select(Announcement.id, Announcement.title).where(Announcement.state == AnnouncementState.APPROVED)
    found = s.execute(approved.order_by(Announcement.updated_at.desc()).limit(most))
    return [(announcement_id, title) for announcement_id, title in found]
