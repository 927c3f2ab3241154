"""What the commune decides about a hamlet, or about itself: its name, its signal, where it lies."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.audit import entries as audit
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person, Unit, Zone
from broadcaster.station.units import spoken_words, units
from broadcaster.station.units.steps import UnitStep, require_step
from broadcaster.station.vocabulary import positions
from broadcaster.station.vocabulary.names import aliases_with, folded, name_of
from broadcaster.station.vocabulary.states import UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSettings:
    """name: the old one is kept as an alias; weak_signal; position: latitude and longitude, None when unknown."""

    name: str
    weak_signal: bool = False
    position: positions.Position | None = None


def of(unit: Unit) -> UnitSettings:
    """What is decided now."""
    known = unit.latitude is not None and unit.longitude is not None
    position = (unit.latitude or 0.0, unit.longitude or 0.0) if known else None
    return UnitSettings(name=unit.name, weak_signal=unit.weak_signal, position=position)


def change(s: Session, *, unit: Unit, wanted: UnitSettings, by: Person, now_at: datetime) -> None:
    """Decide anew; people still find it by its old name. Raises Invalid, NotAllowed, Conflict for a taken name."""
    require_step(s, UnitStep.CHANGE, unit, by)
    before = of(unit)
    name = name_of(wanted.name, field="name")
    position = positions.checked(*wanted.position) if wanted.position else None
    after = UnitSettings(name=name, weak_signal=wanted.weak_signal, position=position)
    if after == before:
        return
    if after.name != before.name:
        _rename(s, unit, after.name)
        if unit.kind is UnitKind.COMMUNE:
            spoken_words.note_change(s, spoken_words.COMMUNE, before.name, after.name, by=by)
    unit.weak_signal = after.weak_signal
    unit.latitude, unit.longitude = after.position or (None, None)
    was, now = asdict(before), asdict(after)
    details = {key: [was[key], now[key]] for key in now if was[key] != now[key]}
    audit.record(s, by=by, action="unit.changed", subject=f"unit:{unit.id}", now_at=now_at, details=details)
    changes.bump(s, "nodes")


def _rename(s: Session, unit: Unit, name: str) -> None:
    for each in units.tree(s):
        if each.id != unit.id and each.parent_id == unit.parent_id and folded(each.name) == folded(name):
            raise Conflict("unit.name_taken", field="name", name=name)
    if folded(name) != folded(unit.name):
        unit.aliases = aliases_with(unit.aliases, unit.name, now=name)
    unit.name = name
    zone = s.get(Zone, unit.id)
    if zone is not None:
        zone.name = units.zone_name(unit)
