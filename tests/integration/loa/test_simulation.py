"""Many nodes in one process against a real station, on files beyond those ``select`` knows: all connect and hold."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.enrolment import BrokerAddress
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Broadcast, NodeState
from broadcaster.station.schema import Delivery as DeliveryRow
from loa.simulation.simulation import Simulation, allow_files
from tests.integration.delivery.commune import Commune, now
from tests.integration.delivery.probe import eventually

pytestmark = [
    pytest.mark.integration,
    pytest.mark.limit(900),
    pytest.mark.long,
    pytest.mark.skipif(executable() is None, reason="Mosquitto is not installed"),
]

NODES = 60
SELECT_FILES = 1_024
"""So many files are open before the first node is added: ``select`` could watch none of its connections."""


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    database.migrate()
    made = Commune(database, tmp_path)
    made.settle_in()
    with database.session() as s:
        for number in range(NODES):
            name = f"sim-{number:04}"
            _, made.passwords[name] = nodes.add_node(
                s, name=name, unit_id="con-minh", by=None, now_at=now(), node_id=name
            )
    yield made
    database.dispose()


@pytest.fixture
def delivery(commune: Commune) -> Iterator[DeliveryService]:
    with commune.delivery(commune.broker("mosquitto", free_port("127.0.0.1"))) as delivery:
        eventually(lambda: delivery.connected, seconds=30)
        yield delivery


@pytest.fixture
def simulation(commune: Commune, delivery: DeliveryService, tmp_path: Path) -> Iterator[Simulation]:
    allow_files(SELECT_FILES + NODES)
    made = Simulation(tmp_path / "nodes")
    made.start()
    with ExitStack() as files:
        for _ in range(SELECT_FILES):
            files.enter_context(open(os.devnull))  # noqa: PTH123
        with commune.database.reading() as s:
            address = BrokerAddress(host="127.0.0.1", port=delivery.broker.access.port)
            for name, password in commune.passwords.items():
                node = nodes.get(s, name)
                made.add(nodes.bundle(s, node=node, password=password, identity=commune.identity, broker=address))
        yield made
        made.stop()


def count(commune: Commune, broadcast: str, *states: DeliveryState) -> int:
    chosen = select(func.count()).where(DeliveryRow.broadcast_id == broadcast, DeliveryRow.state.in_(states))
    with commune.database.reading() as s:
        return s.scalar(chosen) or 0


def test_all_of_them_connect_fetch_and_are_told_apart_in_two_threads(commune: Commune, simulation: Simulation) -> None:
    threads = threading.active_count()
    eventually(lambda: simulation.connected == NODES, seconds=120)
    assert threading.active_count() <= threads
    broadcast = commune.order(commune.clip(), *commune.passwords, in_seconds=3600)
    stored = DeliveryState.STORED
    eventually(lambda: count(commune, broadcast, stored) == NODES, seconds=240)
    with commune.database.reading() as s:
        assert s.get_one(Broadcast, broadcast).id == broadcast
        online = s.scalar(select(func.count()).where(NodeState.online.is_(True)))
    assert online == NODES
