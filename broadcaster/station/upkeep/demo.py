"""The first people of a station, and the commune newcomers try it with. Doing it again changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Node, Slot, Unit
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import Role, UnitKind

COMMUNE = "Côn Minh"
WEAK_HAMLETS = ("Lủng Pảng", "Lủng Vai", "Áng Hin")
"""Hamlets of Côn Minh with a poor signal or none. The names of the others are only examples."""
HAMLETS = (
    "Bản Cào", "Bản Cuôn", "Bản Lài", "Chợ Chùa", "Khuổi Khâu", "Lùng Phặc", "Nà Cằm", "Nà Làng", "Nà Ngoàn",
    "Nà Thỏa", "Tổng Chao", *WEAK_HAMLETS,
)  # fmt: skip
DAILY = (("Bản tin sáng", "05:00"), ("Bản tin chiều", "17:00"))


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """username, full_name: of the login; role: what the person is; does: the same in words for the terminal."""

    username: str
    full_name: str
    role: Role
    does: str


ADMINISTRATOR = FirstPerson("quantri", "Quản trị viên", Role.ADMINISTRATOR, "quản trị: người dùng, cụm loa")
DEMO_PEOPLE = (
    FirstPerson("canbo", "Nông Thị Hoa (cán bộ văn hóa)", Role.OFFICER, "cán bộ: soạn và phát bản tin"),
    FirstPerson("chutich", "Hoàng Văn Sơn (chủ tịch xã)", Role.APPROVER, "người duyệt: nghe và duyệt bản tin"),
    ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class DemoNode:
    """A virtual node: the hamlet it stands in, and whether its link is poor."""

    hamlet: str
    weak_link: bool


DEMO_NODES = (DemoNode("Bản Cuôn", False), DemoNode("Lủng Pảng", True), DemoNode("Lủng Vai", True))


def first_logins(s: Session, *, demo: bool, now_at: datetime) -> list[tuple[str, str, str]]:
    """Make the people a new station needs: (what they do, username, password) of those made just now."""
    if demo:
        return seed(s, now_at=now_at)
    if people.count(s):
        return []
    commune = _commune(s, "Xã của tôi", now_at=now_at)
    return _people(s, commune, (ADMINISTRATOR,), now_at=now_at)


def seed(s: Session, *, now_at: datetime) -> list[tuple[str, str, str]]:
    """Côn Minh with its hamlets, people and daily slots: what of it is not there yet."""
    commune = _commune(s, COMMUNE, now_at=now_at)
    there = {unit.name for unit in s.scalars(select(Unit).where(Unit.parent_id == commune.id))}
    for name in HAMLETS:
        if name not in there:
            weak = name in WEAK_HAMLETS
            units.add_unit(s, name=name, kind="hamlet", parent_id=commune.id, weak_signal=weak, now_at=now_at)
    if s.scalar(select(Slot.id).limit(1)) is None:
        _slots(s, commune, now_at=now_at)
    return _people(s, commune, DEMO_PEOPLE, now_at=now_at)


def demo_nodes(
    s: Session, *, identity: StationIdentity, broker: BrokerAddress, now_at: datetime
) -> Iterator[NodeBundle]:
    """One node on a good link and two on poor ones; bundles of those made just now, as their passwords are kept
    nowhere else.
    """
    for each in DEMO_NODES:
        hamlet = s.scalars(select(Unit).where(Unit.name == each.hamlet)).one()
        name = f"Cụm loa {each.hamlet}"
        if s.scalar(select(Node.id).where(Node.name == name, Node.unit_id == hamlet.id)) is None:
            node, password = nodes.add_node(
                s, name=name, unit_id=hamlet.id, by=None, now_at=now_at, weak_link=each.weak_link, node_id=hamlet.id
            )
            yield nodes.bundle(s, node=node, password=password, identity=identity, broker=broker)


def _commune(s: Session, name: str, *, now_at: datetime) -> Unit:
    there = s.scalar(select(Unit).where(Unit.kind == UnitKind.COMMUNE, Unit.name == name))
    return there or units.add_unit(s, name=name, kind="commune", now_at=now_at)


def _people(
    s: Session, commune: Unit, wanted: tuple[FirstPerson, ...], *, now_at: datetime
) -> list[tuple[str, str, str]]:
    made = []
    for each in wanted:
        if people.find(s, each.username) is None:
            _, password = people.add_person(
                s,
                username=each.username,
                full_name=each.full_name,
                password=None,
                roles=[(commune.id, each.role)],
                by=None,
                now_at=now_at,
            )
            made.append((each.does, each.username, password))
    return made


def _slots(s: Session, commune: Unit, *, now_at: datetime) -> None:
    for name, time in DAILY:
        rule = {"weekdays": list(range(7)), "times": [time], "first_on": None, "last_on": None, "except_on": []}
        slots.add_slot(s, name=name, rule=rule, zones=[commune.id], by=None, now_at=now_at)
