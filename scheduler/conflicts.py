"""Slots that get in each other's way, found while one is being edited, and the two ways out of it.

Each slot is taken to fill its cap. *Ghi đè*: the other slot is left out on the dates they share. *Xếp sau*: this slot
moves to the minute after the other ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, groupby, product
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Person, Slot, Zone
from broadcaster.station.units.zone_members import Nodes, members, reached
from scheduler.recurrence import Recurrence, parse
from scheduler.rule_changes import without
from scheduler.timetable import Block, Clash, clashes

DAY = 24 * 60
AHEAD = timedelta(days=366)
"""Conflicts further away are found when they come nearer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedSlot:
    """A slot as it stands in the form; slot_id: of the one being edited, None for a new one."""

    rule: Mapping[str, Any]
    zones: tuple[Zone, ...]
    timezone: str
    cap_minutes: int
    slot_id: str | None = None


@dataclass(frozen=True, slots=True)
class SlotConflict:
    """other: the slot in the way; clashes: the dates, in order, at least one."""

    other: Slot
    clashes: tuple[Clash, ...]


def draft_of(slot: Slot) -> ProposedSlot:
    """A slot as it is kept."""
    return ProposedSlot(
        rule=slot.rule,
        zones=tuple(slot.zones),
        timezone=slot.timezone,
        cap_minutes=slot.cap_minutes,
        slot_id=slot.id,
    )


def conflicts(s: Session, draft: ProposedSlot, *, now_at: datetime) -> list[SlotConflict]:
    """Every other slot that meets this one within a year, by name. Raises Invalid for a rule nobody can read."""
    known = members(s)
    mine = _blocks(draft, known, now_at)
    found = []
    for other in slots.listing(s):
        theirs = draft_of(other)
        if other.id == draft.slot_id or not _may_meet(draft, theirs, known, now_at):
            continue
        met = clashes(mine, _blocks(theirs, known, now_at))
        if met:
            found.append(SlotConflict(other, tuple(met)))
    return found


def override(s: Session, *, slot: Slot, other: Slot, by: Person, now_at: datetime) -> None:
    """*Ghi đè*: the other slot is left out where it meets this one. Raises Conflict when they do not meet."""
    met = _between(s, slot, other, now_at=now_at)
    zone = ZoneInfo(other.timezone)
    rule = dict(other.rule)
    starts = sorted({clash.theirs.start_at.astimezone(zone) for clash in met})
    for day, group in groupby(starts, key=lambda at: at.date()):
        rule = without(rule, day, [at.time() for at in group])
    slots.edit_slot(s, slot=other, rule=rule, by=by, now_at=now_at)


def put_behind(s: Session, *, slot: Slot, other: Slot, by: Person, now_at: datetime) -> None:
    """*Xếp sau*: this slot's times that meet the other move behind it. Raises Conflict when they do not meet, Invalid
    when there is no room before midnight.
    """
    met = _between(s, slot, other, now_at=now_at)
    zone = ZoneInfo(slot.timezone)
    later = {f"{clash.mine.start_at.astimezone(zone):%H:%M}": _behind(clash, zone) for clash in reversed(met)}
    rule = {**slot.rule, "times": sorted({later.get(each, each) for each in slot.rule["times"]})}
    own = {day: sorted({later.get(each, each) for each in times}) for day, times in _own_times(slot).items()}
    slots.edit_slot(s, slot=slot, rule=rule | {"times_on": own}, by=by, now_at=now_at)


def _behind(clash: Clash, zone: ZoneInfo) -> str:
    start, end = clash.mine.start_at.astimezone(zone), clash.theirs.end_at.astimezone(zone)
    if end.date() != start.date():
        raise Invalid("conflict.no_room_after", field="times")
    return f"{end:%H:%M}"


def _between(s: Session, slot: Slot, other: Slot, *, now_at: datetime) -> list[Clash]:
    known = members(s)
    met = clashes(_blocks(draft_of(slot), known, now_at), _blocks(draft_of(other), known, now_at))
    if not met:
        raise Conflict("conflict.gone")
    return met


def _may_meet(mine: ProposedSlot, theirs: ProposedSlot, known: Mapping[str, Nodes], now_at: datetime) -> bool:
    """False when no node or no time of day is shared: then a year of dates need not be laid out."""
    if not reached(mine.zones, known) & reached(theirs.zones, known):
        return False
    if mine.timezone != theirs.timezone or not _is_steady(mine.timezone, now_at):
        return True
    pairs = product(_minutes(mine), _minutes(theirs))
    return any((b - a) % DAY < mine.cap_minutes or (a - b) % DAY < theirs.cap_minutes for a, b in pairs)


def _minutes(draft: ProposedSlot) -> set[int]:
    """Every time of day at which it ever begins, in minutes after midnight."""
    texts = [*draft.rule["times"], *chain.from_iterable((draft.rule.get("times_on") or {}).values())]
    return {int(text[:2]) * 60 + int(text[3:5]) for text in texts}


def _is_steady(timezone: str, now_at: datetime) -> bool:
    """Whether its clocks are never set within the next year."""
    months = (now_at + timedelta(days=30 * month) for month in range(14))
    return len({at.astimezone(ZoneInfo(timezone)).utcoffset() for at in months}) == 1


def _blocks(draft: ProposedSlot, known: Mapping[str, Nodes], now_at: datetime) -> list[Block]:
    nodes = reached(draft.zones, known)
    length = timedelta(minutes=draft.cap_minutes)
    starts: Iterable[datetime] = _recurrence(draft).starts(from_at=now_at, until_at=now_at + AHEAD)
    return [Block(draft.slot_id or "", start_at, start_at + length, nodes) for start_at in starts]


def _recurrence(draft: ProposedSlot) -> Recurrence:
    return parse(draft.rule, timezone=draft.timezone)


def _own_times(slot: Slot) -> dict[str, list[str]]:
    return dict(slot.rule.get("times_on") or {})
