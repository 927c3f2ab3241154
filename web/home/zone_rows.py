"""What each hamlet hears now and next: one row for all that hear the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from broadcaster.station.broadcasts.lists import nodes_reached
from broadcaster.station.programmes.slot_contents import nodes_by_slot
from broadcaster.station.schema import Broadcast, Zone
from broadcaster.station.units import units
from broadcaster.station.units.zone_members import Nodes, members
from broadcaster.station.vocabulary.states import UnitKind
from web.timetable.entries import TimetableEntry


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """zones: names; empty when the row is for all. now: what sounds there; next: what comes."""

    zones: list[str]
    now: Broadcast | None
    next: TimetableEntry | None


def rows(s: Session, on_air: Sequence[Broadcast], coming: Sequence[TimetableEntry]) -> list[ZoneRow]:
    """The hamlets that hear the same in one row, those where something sounds first."""
    hamlets = [zone for zone in units.zones(s) if _is_small(zone)]
    known = members(s)
    sounding = nodes_reached(s, [each.id for each in on_air])
    slots = nodes_by_slot(s, known)
    reach = [_reach(each, nodes_reached(s, each.broadcasts), slots) for each in coming]
    groups: dict[tuple[str, int], list[Zone]] = {}
    for zone in hamlets:
        mine = known.get(zone.id, frozenset())
        if mine:
            now = next((each.id for each in on_air if mine & sounding.get(each.id, frozenset())), "")
            upcoming = next((at for at, nodes in enumerate(reach) if mine & nodes), -1)
            groups.setdefault((now, upcoming), []).append(zone)
    by_id = {each.id: each for each in on_air}
    names = {key: [zone.name for zone in zones] if len(groups) > 1 else [] for key, zones in groups.items()}
    ordered = sorted(groups, key=lambda key: (not key[0], key[1] < 0, key[1]))
    return [ZoneRow(names[key], by_id.get(key[0]), coming[key[1]] if key[1] >= 0 else None) for key in ordered]


def _is_small(zone: Zone) -> bool:
    return zone.unit is not None and zone.unit.kind is UnitKind.HAMLET


def _reach(entry: TimetableEntry, sounding: Mapping[str, Nodes], slots: Mapping[str, Nodes]) -> Nodes:
    if entry.broadcasts:
        return frozenset().union(*sounding.values())
    return slots.get(entry.slot_id, frozenset())
