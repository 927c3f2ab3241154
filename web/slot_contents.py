"""What many slots hold on many days, asked of the database once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.schema import Announcement, Slot, SlotItem


@dataclass(frozen=True, slots=True)
class _Item:
    """title: of the announcement; first_on, last_on: local days, both included, None is open."""

    title: str
    first_on: date
    last_on: date | None


class SlotContents:
    """Titles of what is in each slot on a day, approved or not, in the officer's order."""

    def __init__(self, items: dict[str, list[_Item]]) -> None:
        self._items = items

    def __contains__(self, slot_id: object) -> bool:
        return slot_id in self._items

    def titles(self, slot: Slot, start_at: datetime) -> list[str]:
        day = start_at.astimezone(ZoneInfo(slot.timezone)).date()
        items = self._items.get(slot.id, [])
        return [each.title for each in items if each.first_on <= day and (each.last_on is None or day <= each.last_on)]


def contents_of(s: Session, slots: Sequence[Slot]) -> SlotContents:
    found: dict[str, list[_Item]] = {slot.id: [] for slot in slots}
    columns = (SlotItem.slot_id, Announcement.title, SlotItem.first_on, SlotItem.last_on)
    chosen = (
        select(*columns)
        .join(Announcement, SlotItem.announcement_id == Announcement.id)
        .where(SlotItem.slot_id.in_(found), SlotItem.removed_at.is_(None))
        .order_by(SlotItem.position, SlotItem.id)
    )
    for slot_id, title, first_on, last_on in s.execute(chosen):
        found[slot_id].append(_Item(title, first_on, last_on))
    return SlotContents(found)
