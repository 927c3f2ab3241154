"""What the commune decides about a node: names that stay findable, hours, moves."""

import pytest

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import moves as node_moves
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.nodes.search import NodeQuery, chosen
from broadcaster.station.nodes.settings import NodeSettings
from broadcaster.station.schema import AuditEntry, Node, Unit
from broadcaster.station.units import settings as unit_settings
from broadcaster.station.units import units
from broadcaster.station.vocabulary import positions
from tests.rig.commune import NOW, Commune


def found(database: Database, query: str) -> list[str]:
    with database.reading() as s:
        views = nodes.board(s, now_at=NOW)
        return [view.node.id for view in chosen(views, NodeQuery(query), tree=units.tree(s))]


def change(database: Database, commune: Commune, **wanted: object) -> None:
    with database.session() as s:
        node = s.get_one(Node, "lung-pang")
        settings = NodeSettings(**{"name": node.name, "weak_link": True, **wanted})  # type: ignore[arg-type]
        node_settings.change(s, node=node, wanted=settings, by=commune.administrator, now_at=NOW)


def test_a_renamed_node_is_found_by_its_old_name_with_and_without_marks(database: Database, commune: Commune) -> None:
    change(database, commune, name="Nhà văn hoá thôn Pảng")
    for query in ("lủng pảng", "LUNG PANG", "nha van hoa"):
        assert "lung-pang" in found(database, query)
    change(database, commune, name="Lủng Pảng")
    with database.reading() as s:
        assert s.get_one(Node, "lung-pang").aliases == ["Nhà văn hoá thôn Pảng"]


def test_every_change_is_in_the_audit_trail_with_what_was_and_what_is(database: Database, commune: Commune) -> None:
    change(database, commune, stagger_ms=300, keeper_phone="0912 345 678")
    with database.reading() as s:
        entry = s.query(AuditEntry).order_by(AuditEntry.number.desc()).first()
        assert entry
        assert (entry.action, entry.details["stagger_ms"]) == ("node.changed", [0, 300])
        assert audit.verify(s) == []


def test_the_node_keeps_the_communes_quiet_hours_and_its_own(database: Database, commune: Commune) -> None:
    change(database, commune, quiet_hours=((12 * 60, 13 * 60 + 30),), volume_percent=70)
    with database.reading() as s:
        policy = agenda_content.for_node(s, node=s.get_one(Node, "lung-pang"), now_at=NOW).policy
    assert [(each.from_minute, each.to_minute) for each in policy.quiet_hours] == [(720, 810)]
    assert policy.volume_percent == 70


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"name": " "}, "name"),
        ({"stagger_ms": 5001}, "stagger_ms"),
        ({"volume_percent": 101}, "volume_percent"),
        ({"volume_profile": (50,) * 23}, "volume_profile"),
        ({"quiet_hours": ((60, 60),)}, "quiet_hours"),
        ({"keeper_phone": "gọi bác Hai"}, "keeper_phone"),
        ({"position": (105.87, 222.1)}, "position"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_field(
    database: Database, commune: Commune, wanted: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        change(database, commune, **wanted)
    assert refusal.value.field == field


def test_who_does_not_look_after_nodes_changes_none(database: Database, commune: Commune) -> None:
    with database.session() as s:
        node = s.get_one(Node, "lung-pang")
        with pytest.raises(NotAllowed):
            node_settings.change(s, node=node, wanted=NodeSettings(name="Khác"), by=commune.officer, now_at=NOW)


def test_a_machine_whose_password_was_taken_is_not_called_online(database: Database, commune: Commune) -> None:
    status = NodeStatus(node="lung-pang", connection=1, online=True, at=NOW)
    with database.session() as s:
        nodes.record_status(s, status=status, now_at=NOW)
        nodes.new_password(s, node=s.get_one(Node, "lung-pang"), by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        presences = {view.node.id: view.presence for view in nodes.board(s, now_at=NOW)}
    assert presences["lung-pang"] == "offline"


def test_a_moved_node_sounds_with_its_new_hamlet_and_with_the_whole_commune(
    database: Database, commune: Commune
) -> None:
    with database.session() as s:
        node_moves.move(s, node=s.get_one(Node, "lung-pang"), unit_id="ban-cuon", by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        names = {zone.id: [node.id for node in units.nodes_of(s, [zone])] for zone in units.zones(s)}
    assert names == {"con-minh": ["ban-cuon", "lung-pang"], "ban-cuon": ["ban-cuon", "lung-pang"], "lung-pang": []}


def test_a_renamed_hamlet_is_still_understood_by_its_old_name(database: Database, commune: Commune) -> None:
    with database.session() as s:
        unit_settings.change(
            s,
            unit=s.get_one(Unit, "lung-pang"),
            wanted=unit_settings.UnitSettings(name="Thôn Đoàn Kết", weak_signal=True),
            by=commune.administrator,
            now_at=NOW,
        )
    with database.reading() as s:
        (zone,) = units.find_zones(s, ["Lủng Pảng"])
        assert zone.name == "Thôn Đoàn Kết"
    assert found(database, "doan ket") == found(database, "lủng pảng") == ["lung-pang"]


@pytest.mark.parametrize(
    "text", ["22.1504, 105.8702", "22.1504,105.8702", "22,1504; 105,8702", "(22.1504 105.8702)", "22.1504°, 105.8702°"]
)
def test_a_place_is_read_as_maps_write_it(text: str) -> None:
    assert positions.parse(text) == (22.1504, 105.8702)


@pytest.mark.parametrize("text", ["trước nhà văn hoá", "105.87, 222.15", "22.1504", "91, 105"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        positions.parse(text)
