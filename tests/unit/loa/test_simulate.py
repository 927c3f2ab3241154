"""Simulated nodes are enrolled like real ones, found again the next time, and never come back once taken out."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.config import Config
from broadcaster.errors import Invalid
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.upkeep import demo
from loa import simulate
from speaker_node.setup.settings import read_bundle

pytestmark = pytest.mark.integration


@pytest.fixture
def config(tmp_path: Path, bare: Path) -> Config:
    shutil.copy(bare, tmp_path / "loa.db")
    return replace(Config(), data_dir=tmp_path)


@pytest.fixture
def empty(config: Config) -> Iterator[Database]:
    made = Database(config.database_url)
    yield made
    made.dispose()


@pytest.fixture
def filled(empty: Database) -> Database:
    with empty.session() as s:
        demo.seed(s, now_at=datetime.now(UTC))
    return empty


def enrolled(config: Config, filled: Database, count: int) -> list[str]:
    return [read_bundle(path).node for path in simulate._enrol(config, filled, count=count, unit_id="")]


def test_the_same_nodes_are_found_again(config: Config, filled: Database) -> None:
    assert enrolled(config, filled, 2) == ["sim-0001", "sim-0002"]
    first = (config.data_dir / "simulated" / "sim-0001" / "bundle.json").read_bytes()
    assert enrolled(config, filled, 3) == ["sim-0001", "sim-0002", "sim-0003"]
    assert (config.data_dir / "simulated" / "sim-0001" / "bundle.json").read_bytes() == first


def test_a_node_whose_bundle_is_gone_gets_a_new_one(config: Config, filled: Database) -> None:
    enrolled(config, filled, 1)
    shutil.rmtree(config.data_dir / "simulated")
    assert enrolled(config, filled, 1) == ["sim-0001"]


def test_nodes_taken_out_stay_out_and_others_take_their_place(config: Config, filled: Database) -> None:
    enrolled(config, filled, 2)
    assert simulate._forget(filled) == 2
    assert enrolled(config, filled, 2) == ["sim-0003", "sim-0004"]
    with filled.reading() as s:
        assert [node.id for node in nodes.listing(s) if node.id.startswith("sim-")] == ["sim-0003", "sim-0004"]


def test_a_station_without_a_commune_says_what_to_do(config: Config, empty: Database) -> None:
    with pytest.raises(Invalid, match=r"simulation\.no_commune"):
        simulate._enrol(config, empty, count=1, unit_id="")


def test_at_a_shared_broker_they_are_called_as_its_other_nodes_are(config: Config, filled: Database) -> None:
    shared = replace(config, broker=replace(config.broker, kind="external", node_prefix="con-minh.", port=1883))
    (path,) = simulate._enrol(shared, filled, count=1, unit_id="")
    made = read_bundle(path)
    assert (made.node, made.username) == ("sim-0001", "con-minh.sim-0001")
