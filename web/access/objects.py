"""Whose an object is: the units over which a permission is asked, found from the variables of an address."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import dictionary
from broadcaster.station.emergencies import guards, order_records
from broadcaster.station.feedback import inbox
from broadcaster.station.live import sessions as live_sessions
from broadcaster.station.live.steps import zones_of as zones_of_live
from broadcaster.station.matters import matters
from broadcaster.station.matters.steps import unit_of as unit_of_matter
from broadcaster.station.nodes import languages, nodes
from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from broadcaster.station.units import units
from web.security.access import Kind

Units = frozenset[str | None]
Path = Mapping[str, str]


def units_of(s: Session, kind: Kind, path: Path) -> Units:
    """Raises NotFound when there is no such object."""
    return frozenset(_FOUND[kind](s, path))


def _first(path: Path, *names: str) -> str:
    return next(path[name] for name in names if name in path)


def _announcement(s: Session, path: Path) -> set[str | None]:
    return units.units_in(s, announcements.get(s, path["announcement_id"]).zones)


def _broadcast(s: Session, path: Path) -> set[str | None]:
    found = broadcasts.get(s, path["broadcast_id"])
    reached: set[str | None] = {each.node.unit_id for each in found.deliveries}
    return reached or {None}


def _order(s: Session, path: Path) -> set[str | None]:
    return units.units_in(s, guards.zones_of(s, order_records.get(s, path["order_id"])))


def _slot(s: Session, path: Path) -> set[str | None]:
    found = units.units_in(s, slots.get(s, path["slot_id"]).zones)
    if "other_id" in path:
        found |= units.units_in(s, slots.get(s, path["other_id"]).zones)
    return found


def _slot_item(s: Session, path: Path) -> set[str | None]:
    return units.units_in(s, slots.get(s, slots.get_item(s, path["item_id"]).slot_id).zones)


def _node(s: Session, path: Path) -> set[str | None]:
    return {nodes.get(s, _first(path, "node_id", "node")).unit_id}


def _unit(s: Session, path: Path) -> set[str | None]:
    return {units.get(s, _first(path, "unit_id", "unit")).id}


def _zone(s: Session, path: Path) -> set[str | None]:
    return units.units_in(s, [languages.zone_of(s, path["zone_id"])])


def _matter(s: Session, path: Path) -> set[str | None]:
    return {unit_of_matter(s, matters.get(s, path["matter_id"]))}


def _person(s: Session, path: Path) -> set[str | None]:
    return people.units_of(people.get(s, _first(path, "person_id", "person")))


def _reading(s: Session, path: Path) -> set[str | None]:
    return {dictionary.get(s, path["entry_id"]).unit_id}


def _feedback(s: Session, path: Path) -> set[str | None]:
    return {inbox.get(s, path["feedback_id"]).node.unit_id}


def _live(s: Session, path: Path) -> set[str | None]:
    return units.units_in(s, zones_of_live(s, live_sessions.get(s, path["session_id"])))


_FOUND: dict[Kind, Callable[[Session, Path], set[str | None]]] = {
    Kind.ANNOUNCEMENT: _announcement,
    Kind.BROADCAST: _broadcast,
    Kind.EMERGENCY_ORDER: _order,
    Kind.SLOT: _slot,
    Kind.SLOT_ITEM: _slot_item,
    Kind.NODE: _node,
    Kind.UNIT: _unit,
    Kind.ZONE: _zone,
    Kind.LIVE_SESSION: _live,
    Kind.MATTER: _matter,
    Kind.PERSON: _person,
    Kind.READING: _reading,
    Kind.FEEDBACK: _feedback,
}
