"""The tree of units and the zones people choose from.

A commune, and every unit that has nodes, has a zone of the same id, holding the nodes of the unit and of all below it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import may, require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Node, Person, Unit, Zone, zone_nodes
from broadcaster.station.units.steps import UnitStep, require_step
from broadcaster.station.vocabulary.names import folded, free_slug, name_of, sort_key
from broadcaster.station.vocabulary.states import UnitKind

WHOLE_COMMUNE = "Toàn xã"


def add_unit(
    s: Session,
    *,
    name: str,
    kind: str,
    now_at: datetime,
    parent_id: str | None = None,
    by: Person | None = None,
    aliases: Iterable[str] = (),
    weak_signal: bool = False,
) -> Unit:
    """A new unit. Raises Invalid, NotFound for an unknown parent, or NotAllowed."""
    if kind not in set(UnitKind):
        raise Invalid("unit.kind_unknown", field="kind", kind=kind, known=UnitKind)
    parent = get(s, parent_id) if parent_id is not None else None
    if by is not None and parent is not None:
        require_step(s, UnitStep.ADD_UNIT, parent, by)
    elif by is not None:
        require(s, by, "manage_nodes", None)
    label = name_of(name, field="name")
    unit = Unit(
        id=free_slug(label, lambda made: s.get(Unit, made) is not None or s.get(Zone, made) is not None),
        kind=UnitKind(kind),
        name=label,
        aliases=[name_of(each, field="aliases") for each in aliases],
        parent_id=parent_id,
        weak_signal=weak_signal,
    )
    s.add(unit)
    s.flush()
    if unit.kind is UnitKind.COMMUNE:
        _zone_of(s, unit)
    audit.record(s, by=by, action="unit.added", subject=f"unit:{unit.id}", now_at=now_at, details={"name": label})
    changes.bump(s, "nodes")
    return unit


def get(s: Session, unit_id: str) -> Unit:
    """Raises NotFound."""
    unit = s.get(Unit, unit_id)
    if unit is None:
        raise NotFound("unit.not_found", field="unit", unit=unit_id)
    return unit


def tree(s: Session) -> list[Unit]:
    """Every unit, a parent before its children, siblings by name."""
    children: dict[str | None, list[Unit]] = {}
    for unit in sorted(s.scalars(select(Unit)), key=lambda unit: sort_key(unit.name)):
        children.setdefault(unit.parent_id, []).append(unit)
    ordered, waiting = [], list(reversed(children.get(None, [])))
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting.extend(reversed(children.get(unit.id, [])))
    return ordered


def zones(s: Session) -> list[Zone]:
    """Every zone: whole communes first, then by name."""
    return sorted(s.scalars(select(Zone)), key=_zone_order)


def zones_for(s: Session, *, by: Person, permission: str) -> list[Zone]:
    """Those in which this person holds the permission everywhere."""
    return [zone for zone in zones(s) if all(may(s, by, permission, unit_id) for unit_id in units_of(s, zone))]


def units_of(s: Session, zone: Zone) -> set[str | None]:
    """The units a permission over the zone is asked of: its own, or those of its nodes; None is the commune."""
    if zone.unit_id is not None:
        return {zone.unit_id}
    units: set[str | None] = {node.unit_id for node in nodes_of(s, [zone])}
    return units or {None}


def units_in(s: Session, zones: Iterable[Zone]) -> set[str | None]:
    """The units of all these zones together; of none, the commune."""
    found: set[str | None] = set()
    for zone in zones:
        found |= units_of(s, zone)
    return found or {None}


def find_zones(s: Session, ids_or_names: Iterable[str]) -> list[Zone]:
    """The zones meant, each once. Raises Invalid(field="zones") that names the one nobody knows."""
    known = _names(zones(s))
    found: dict[str, Zone] = {}
    for wanted in ids_or_names:
        zone = known.get(folded(wanted)) if isinstance(wanted, str) else None
        if zone is None:
            raise Invalid.of(_unknown(s, str(wanted)), field="zones")
        found[zone.id] = zone
    if not found:
        raise Invalid("zone.not_chosen", field="zones")
    return list(found.values())


def nodes_of(s: Session, zones: Iterable[Zone]) -> list[Node]:
    """The nodes in any of these zones that are in service, each once, by name."""
    members = select(zone_nodes.c.node_id).where(zone_nodes.c.zone_id.in_([zone.id for zone in zones]))
    rows = s.scalars(select(Node).where(Node.id.in_(members), Node.revoked_at.is_(None)))
    return sorted(rows, key=lambda node: sort_key(node.name))


def add_zone(s: Session, *, name: str, nodes: Sequence[Node], by: Person | None, now_at: datetime) -> Zone:
    """A set of nodes somebody put together. Raises Invalid, Conflict when the name is taken, or NotAllowed."""
    label = name_of(name, field="name")
    if not nodes:
        raise Invalid("zone.no_nodes", field="nodes")
    if folded(label) in _names(zones(s)):
        raise Conflict("zone.name_taken", field="name", name=label)
    if by is not None:
        for unit_id in {node.unit_id for node in nodes}:
            require(s, by, "manage_nodes", unit_id)
    zone = Zone(id=free_slug(label, lambda made: s.get(Zone, made) is not None or s.get(Unit, made) is not None))
    zone.name = label
    s.add(zone)
    s.flush()
    s.execute(zone_nodes.insert(), [{"zone_id": zone.id, "node_id": node.id} for node in nodes])
    audit.record(s, by=by, action="zone.added", subject=f"zone:{zone.id}", now_at=now_at, details={"name": label})
    changes.bump(s, "nodes")
    return zone


def join_zones(s: Session, node: Node) -> None:
    """Put a new node into the zone of its unit and of every unit above, making those that are not there yet."""
    unit: Unit | None = get(s, node.unit_id)
    while unit is not None:
        s.execute(zone_nodes.insert().values(zone_id=_zone_of(s, unit).id, node_id=node.id))
        unit = s.get(Unit, unit.parent_id) if unit.parent_id else None


def require_in(s: Session, zones: Iterable[Zone], *, by: Person, permission: str) -> None:
    """Raises NotAllowed unless the person holds the permission in every one of these zones."""
    for unit_id in sorted(units_in(s, zones), key=str):
        require(s, by, permission, unit_id)


def _zone_of(s: Session, unit: Unit) -> Zone:
    """The zone "everything in this unit", made when it is not there yet."""
    zone = s.get(Zone, unit.id)
    if zone is None:
        zone = Zone(id=unit.id, name=zone_name(unit), unit_id=unit.id)
        s.add(zone)
        s.flush()
    return zone


def _names(known: Iterable[Zone]) -> dict[str, Zone]:
    """Everything a zone answers to: id, name, and its unit's name and older names."""
    names: dict[str, Zone] = {}
    for zone in known:
        unit = zone.unit
        spoken = [unit.name, *unit.aliases] if unit else []
        if unit and unit.kind is UnitKind.COMMUNE:
            spoken.append(WHOLE_COMMUNE)
        for name in (zone.id, zone.name, *spoken):
            names.setdefault(folded(name), zone)
    return names


def _unknown(s: Session, wanted: str) -> Reason:
    for unit in s.scalars(select(Unit)):
        if folded(wanted) in {unit.id, folded(unit.name), *map(folded, unit.aliases)}:
            return Reason("zone.unit_without_nodes", unit=unit.name)
    return Reason("zone.unknown", zone=wanted[:80])


def zone_name(unit: Unit) -> str:
    """What the zone "everything in this unit" is called."""
    return f"{WHOLE_COMMUNE} {unit.name}" if unit.kind is UnitKind.COMMUNE else unit.name


def _zone_order(zone: Zone) -> tuple[int, tuple[str, str]]:
    kinds = [UnitKind.PROVINCE, UnitKind.COMMUNE, UnitKind.HAMLET]
    return (kinds.index(zone.unit.kind) if zone.unit else len(kinds), sort_key(zone.name))
