"""What many slots hold on many days, asked of the database once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.relays import slot_relays
from broadcaster.station.relays.slot_relays import SlotRelayed
from broadcaster.station.schema import Announcement, Slot, SlotItem, announcement_zones, slot_zones
from broadcaster.station.units.zone_members import Nodes, members


@dataclass(frozen=True, slots=True)
class _Item:
    """title: of the announcement; first_on, last_on: local days, both included, None is open; weekdays: none is all."""

    title: str
    first_on: date
    last_on: date | None
    weekdays: Sequence[int]

    def holds_on(self, day: date) -> bool:
        within = self.first_on <= day and (self.last_on is None or day <= self.last_on)
        return within and (not self.weekdays or day.weekday() in self.weekdays)


class SlotContents:
    """What is in each slot on a day, approved or not.

    relayed: what each slot relays before its announcements, by the slot's id.
    """

    def __init__(self, items: dict[str, list[_Item]], relayed: Mapping[str, SlotRelayed]) -> None:
        self._items = items
        self.relayed = relayed

    def __contains__(self, slot_id: object) -> bool:
        return slot_id in self._items

    def titles(self, slot: Slot, start_at: datetime) -> list[str]:
        """Of its announcements, in the officer's order."""
        day = start_at.astimezone(ZoneInfo(slot.timezone)).date()
        return [each.title for each in self._items.get(slot.id, []) if each.holds_on(day)]


def contents_of(s: Session, slots: Sequence[Slot], *, nodes: Nodes | None = None) -> SlotContents:
    """With ``nodes`` only what some of these nodes would play: one slot may carry different things for each hamlet."""
    found: dict[str, list[_Item]] = {slot.id: [] for slot in slots}
    columns = (SlotItem.slot_id, Announcement.title, SlotItem.first_on, SlotItem.last_on, SlotItem.weekdays)
    chosen = (
        select(*columns)
        .join(Announcement, SlotItem.announcement_id == Announcement.id)
        .where(SlotItem.slot_id.in_(found), SlotItem.removed_at.is_(None))
        .order_by(SlotItem.position, SlotItem.id)
    )
    if nodes is not None:
        near = [zone_id for zone_id, inside in members(s).items() if inside & nodes]
        meant = select(announcement_zones.c.announcement_id).where(announcement_zones.c.zone_id.in_(near))
        chosen = chosen.where(Announcement.id.in_(meant))
    for slot_id, title, first_on, last_on, weekdays in s.execute(chosen):
        found[slot_id].append(_Item(title, first_on, last_on, weekdays))
    return SlotContents(found, slot_relays.relayed(s, list(found)))


def nodes_by_slot(s: Session, of_zone: Mapping[str, Nodes]) -> dict[str, Nodes]:
    """The nodes each slot reaches, by the slot's id; ``of_zone`` are the members of each zone."""
    found: dict[str, set[str]] = {}
    for slot_id, zone_id in s.execute(select(slot_zones.c.slot_id, slot_zones.c.zone_id)):
        found.setdefault(slot_id, set()).update(of_zone.get(zone_id, ()))
    return {slot_id: frozenset(nodes) for slot_id, nodes in found.items()}
