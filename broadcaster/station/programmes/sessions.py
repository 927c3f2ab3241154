"""The coming dates on which an announcement is to sound: what its edit would take away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.programmes.slots import items_on
from broadcaster.station.schema import Announcement, Broadcast, Occurrence, SlotItem
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState, OccurrenceState

AHEAD = timedelta(hours=48)
_OVER = (OccurrenceState.MISSED, OccurrenceState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ComingSession:
    """start_at: when; slot: name of its slot, empty for a single broadcast; alone: without it nothing sounds then."""

    start_at: datetime
    slot: str
    alone: bool


def coming_with(s: Session, announcement: Announcement, *, now_at: datetime) -> list[ComingSession]:
    """The dates of the next two days that an approved announcement sounds on, the soonest first."""
    if announcement.state is not AnnouncementState.APPROVED:
        return []
    return sorted([*_in_slots(s, announcement, now_at), *_single(s, announcement, now_at)], key=lambda at: at.start_at)


def _in_slots(s: Session, announcement: Announcement, now_at: datetime) -> Iterator[ComingSession]:
    holding = select(SlotItem.slot_id).where(SlotItem.announcement_id == announcement.id, SlotItem.removed_at.is_(None))
    dates = select(Occurrence).where(
        Occurrence.slot_id.in_(holding),
        Occurrence.start_at > now_at,
        Occurrence.start_at <= now_at + AHEAD,
        Occurrence.state.not_in(_OVER),
    )
    for each in s.scalars(dates).unique():
        day = each.start_at.astimezone(ZoneInfo(each.slot.timezone)).date()
        items = [item.announcement for item in items_on(s, each.slot, day)]
        if any(one.id == announcement.id for one in items):
            others = [one for one in items if one.id != announcement.id and one.state is AnnouncementState.APPROVED]
            yield ComingSession(each.start_at, each.slot.name, not others)


def _single(s: Session, announcement: Announcement, now_at: datetime) -> Iterator[ComingSession]:
    planned = select(Broadcast.start_at).where(
        Broadcast.announcement_id == announcement.id,
        Broadcast.occurrence_id.is_(None),
        Broadcast.state == BroadcastState.SCHEDULED,
        Broadcast.start_at > now_at,
    )
    for start_at in s.scalars(planned):
        yield ComingSession(start_at, "", True)
