"""What one officer has still to do: released texts that nobody put on the air, and tomorrow's sessions without any."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.programmes import occurrences
from broadcaster.station.programmes.slots import items_on
from broadcaster.station.relays import slot_relays
from broadcaster.station.schema import Announcement, Broadcast, Decision, Occurrence, Person, SlotItem
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState, DecisionAction, OccurrenceState

_GONE = (OccurrenceState.MISSED, OccurrenceState.CANCELLED)


def unaired(s: Session, person: Person, *, today: date, now_at: datetime, most: int) -> list[Announcement]:
    """Approved texts this person began that no broadcast was ordered of since, and that lie in no slot any more; the
    longest waiting first."""
    mine = (Decision.announcement_id == Announcement.id, Decision.action == DecisionAction.APPROVED)
    approved_at = select(func.max(Decision.at)).where(*mine).correlate(Announcement).scalar_subquery()
    aired = (
        select(Broadcast.id)
        .where(
            Broadcast.announcement_id == Announcement.id,
            Broadcast.created_at >= approved_at,
            Broadcast.state != BroadcastState.CANCELLED,
        )
        .exists()
    )
    placed = (
        select(SlotItem.id)
        .where(
            SlotItem.announcement_id == Announcement.id,
            SlotItem.removed_at.is_(None),
            or_(SlotItem.last_on.is_(None), SlotItem.last_on >= today),
        )
        .exists()
    )
    waiting = select(Announcement).where(
        Announcement.created_by_id == person.id,
        Announcement.state == AnnouncementState.APPROVED,
        Announcement.broadcast_class != BroadcastClass.EMERGENCY,
        or_(Announcement.valid_until_at.is_(None), Announcement.valid_until_at > now_at),
        ~aired,
        ~placed,
    )
    return list(s.scalars(waiting.order_by(approved_at, Announcement.id).limit(most)).unique())


def empty_sessions(s: Session, day: date, *, timezone: ZoneInfo) -> list[Occurrence]:
    """The dates of slots on a local day on which nothing approved lies, in order of time."""
    from_at = datetime.combine(day, time(), timezone)
    found = occurrences.between(s, from_at, from_at + timedelta(days=1))
    empty = [
        each for each in found if each.state not in _GONE and each.slot.removed_at is None and not _filled(s, each)
    ]
    return sorted(empty, key=lambda each: each.start_at)


def _filled(s: Session, occurrence: Occurrence) -> bool:
    day = occurrence.start_at.astimezone(ZoneInfo(occurrence.slot.timezone)).date()
    relay = slot_relays.find(s, occurrence.slot_id)
    if relay is not None and slot_relays.is_approved(s, relay):
        return True
    return any(item.announcement.state is AnnouncementState.APPROVED for item in items_on(s, occurrence.slot, day))
