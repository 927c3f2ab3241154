"""The first start of a station, and of the demo."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from broadcaster.station.units import units
from broadcaster.station.upkeep import demo
from tests.rig.commune import NOW

pytestmark = pytest.mark.integration
BROKER = BrokerAddress(host="127.0.0.1", port=18830)


@pytest.fixture
def empty(tmp_path: Path, bare: Path) -> Iterator[Database]:
    shutil.copy(bare, tmp_path / "loa.db")
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    yield database
    database.dispose()


def start(database: Database, folder: Path) -> tuple[list[tuple[str, str, str]], list[str]]:
    identity = StationIdentity.load_or_create(folder, "con-minh")
    with database.session() as s:
        logins = demo.first_logins(s, demo=True, now_at=NOW)
    with database.session() as s:
        made = [bundle.node for bundle in demo.demo_nodes(s, identity=identity, broker=BROKER, now_at=NOW)]
    return logins, made


def test_the_demo_is_con_minh_with_its_weak_hamlets(empty: Database, tmp_path: Path) -> None:
    logins, made = start(empty, tmp_path)
    assert [username for _, username, _ in logins] == ["canbo", "chutich", "quantri"]
    assert made == ["ban-cuon", "lung-pang", "lung-vai"]
    with empty.reading() as s:
        hamlets = [unit for unit in units.tree(s) if unit.kind == "hamlet"]
        assert len(hamlets) == 14
        assert {unit.name for unit in hamlets if unit.weak_signal} == {"Lủng Pảng", "Lủng Vai", "Áng Hin"}
        assert [slot.rule["times"] for slot in slots.listing(s)] == [["17:00"], ["05:00"]]
        assert [node.weak_link for node in nodes.listing(s)] == [False, True, True]


def test_the_demos_passwords_are_random_and_work(empty: Database, tmp_path: Path) -> None:
    logins, _ = start(empty, tmp_path)
    assert len({password for _, _, password in logins}) == 3
    with empty.session() as s:
        assert people.authenticate(s, username="canbo", password=logins[0][2], now_at=NOW).username == "canbo"


def test_a_second_start_makes_nothing_again(empty: Database, tmp_path: Path) -> None:
    start(empty, tmp_path)
    assert start(empty, tmp_path) == ([], [])


def test_a_station_without_the_demo_gets_one_administrator(empty: Database) -> None:
    with empty.session() as s:
        logins = demo.first_logins(s, demo=False, now_at=NOW)
    assert [username for _, username, _ in logins] == ["quantri"]
    with empty.session() as s:
        assert demo.first_logins(s, demo=False, now_at=NOW) == []
