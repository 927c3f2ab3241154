"""Names of places, and the nodes they stand for."""

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.units import units
from broadcaster.station.vocabulary.names import slug
from tests.rig.commune import NOW, Commune


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Lủng Pảng", "lung-pang"),
        ("Đại Dực", "dai-duc"),
        ("Ðại Dực", "dai-duc"),
        ("TDP Thanh Lương 4 (địa bàn TDP 9 cũ)", "tdp-thanh-luong-4-dia-ban-tdp-9-cu"),
        ("Lu\u0309ng Pa\u0309ng", "lung-pang"),
    ],
)
def test_a_slug_is_the_name_in_plain_letters(name: str, made: str) -> None:
    assert slug(name) == made


def test_a_name_without_letters_has_no_slug() -> None:
    with pytest.raises(Invalid):
        slug("😀")


@pytest.mark.parametrize("name", ["lung-pang", "Lủng Pảng", "LỦNG PẢNG", " lủng  pảng ", "Lu\u0309ng Pa\u0309ng"])
def test_a_zone_answers_to_its_id_and_its_name(database: Database, commune: Commune, name: str) -> None:
    with database.reading() as s:
        assert [zone.id for zone in units.find_zones(s, [name])] == ["lung-pang"]


@pytest.mark.parametrize("name", ["Toàn xã", "Côn Minh", "Toàn xã Côn Minh", "Hảo Nghĩa"])
def test_the_whole_commune_answers_to_its_old_name_too(database: Database, commune: Commune, name: str) -> None:
    with database.reading() as s:
        assert [zone.id for zone in units.find_zones(s, [name])] == ["con-minh"]


def test_an_unknown_zone_is_named(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid, match="Bản Không Có") as error, database.reading() as s:
        units.find_zones(s, ["lung-pang", "Bản Không Có"])
    assert error.value.field == "zones"


def test_a_hamlet_without_nodes_is_told_apart_from_an_unknown_one(database: Database, commune: Commune) -> None:
    with database.session() as s:
        units.add_unit(s, name="Áng Hin", kind="hamlet", parent_id="con-minh", now_at=NOW)
    with pytest.raises(Invalid, match=r"zone\.unit_without_nodes"), database.reading() as s:
        units.find_zones(s, ["Áng Hin"])


def test_no_zone_at_all_is_refused(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid, match=r"zone\.not_chosen"), database.reading() as s:
        units.find_zones(s, [])


def test_the_commune_holds_the_nodes_of_its_hamlets_each_once(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        both = units.find_zones(s, ["con-minh", "lung-pang"])
        assert [node.id for node in units.nodes_of(s, both)] == ["ban-cuon", "lung-pang"]


def test_a_revoked_node_is_in_no_zone(database: Database, commune: Commune) -> None:
    with database.session() as s:
        nodes.revoke_node(s, node=nodes.get(s, "lung-pang"), by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        assert [node.id for node in units.nodes_of(s, units.zones(s))] == ["ban-cuon"]


def test_people_can_put_a_zone_together(database: Database, commune: Commune) -> None:
    with database.session() as s:
        zone = units.add_zone(s, name="Ven suối", nodes=[commune.weak], by=commune.administrator, now_at=NOW)
        assert [node.id for node in units.nodes_of(s, [zone])] == ["lung-pang"]
    with pytest.raises(Conflict), database.session() as s:
        units.add_zone(s, name="ven suối", nodes=[commune.weak], by=commune.administrator, now_at=NOW)
    with pytest.raises(NotAllowed), database.session() as s:
        units.add_zone(s, name="Khác", nodes=[commune.weak], by=commune.viewer, now_at=NOW)


def test_the_tree_lists_parents_before_children(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        assert [unit.id for unit in units.tree(s)] == ["con-minh", "ban-cuon", "lung-pang"]
