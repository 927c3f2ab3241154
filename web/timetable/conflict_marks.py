"""Dates of slots that get in each other's way, marked in the calendar; their remedies stand on the slots' pages."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from broadcaster.station.schema import Slot
from broadcaster.station.units.zone_members import members, reached
from scheduler.timetable import Block, clashes
from web.timetable.entries import TimetableEntry


def marked(s: Session, entries: Iterable[TimetableEntry]) -> list[TimetableEntry]:
    """The same, each with the title of another slot that wants one of its nodes at its time, if there is one."""
    found = list(entries)
    nodes = members(s)
    blocks = []
    for at, entry in enumerate(found):
        slot = s.get(Slot, entry.slot_id) if entry.moves else None
        if slot is not None:
            end_at = entry.start_at + timedelta(minutes=slot.cap_minutes)
            blocks.append(Block(str(at), entry.start_at, end_at, reached(slot.zones, nodes)))
    for clash in clashes(blocks, blocks):
        if clash.mine.id != clash.theirs.id:
            mine, other = int(clash.mine.id), int(clash.theirs.id)
            found[mine] = replace(found[mine], clash=found[other].title)
    return found
