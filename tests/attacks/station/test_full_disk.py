"""The disk of the station is full: orders and stop-all still reach the nodes, and what can wait is not lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol import codec
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.database.engine import Database
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import Membership, Person
from broadcaster.station.vocabulary.states import Role
from tests.attacks.station import disk
from tests.integration.delivery.commune import STATION, Commune, VirtualNode, now, receipt
from tests.integration.delivery.probe import eventually

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(not disk.possible(), reason="only root may mount a disk to be filled"),
    pytest.mark.skipif(executable() is None, reason="Mosquitto is not installed"),
]


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    with disk.mounted(tmp_path / "disk") as folder:
        database = Database(f"sqlite:///{folder}/loa.db")
        database.migrate()
        made = Commune(database, folder)
        made.settle_in("lung-pang", "ang-hin")
        with database.session() as s:
            s.add(Membership(person_id="officer", unit_id="con-minh", role=Role.OFFICER))
        database.reserve_room()
        yield made
        database.dispose()


@pytest.fixture
def delivery(commune: Commune) -> Iterator[DeliveryService]:
    with commune.delivery(commune.broker("mosquitto", free_port("127.0.0.1"))) as delivery:
        eventually(lambda: delivery.connected, seconds=30)
        yield delivery


def acked(node: VirtualNode) -> int:
    return sum(len(codec.decode(Acks, each).receipts) for each in node.payloads(topics.acks(STATION, node.name)))


def test_orders_and_stop_all_are_answered_and_reach_the_nodes(commune: Commune, delivery: DeliveryService) -> None:
    sha256 = commune.clip()
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as node:
        node.follow()
        disk.fill(commune.folder)
        ordered = [commune.order(sha256, "lung-pang", in_seconds=60, kind=BroadcastClass.EMERGENCY) for _ in range(50)]
        eventually(lambda: set(node.items()) == set(ordered), seconds=30)
        with commune.database.session() as s:
            officer = s.get_one(Person, "officer")
            stop_all.order(s, by=officer, reason="đĩa đầy", now_at=now())
        eventually(lambda: node.agendas()[-1].stop is not None, seconds=30)


def test_what_nodes_say_waits_until_there_is_room_and_is_acknowledged_then(
    commune: Commune, delivery: DeliveryService
) -> None:
    broadcast = commune.order(commune.clip(), "lung-pang", in_seconds=3600)
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as node:
        node.subscribe(topics.acks(STATION, "lung-pang"))
        disk.fill(commune.folder)
        node.state(receipt(broadcast, DeliveryState.STORED, 1))
        eventually(lambda: delivery._intake.hindered, seconds=10)
        assert acked(node) == 0
        disk.empty(commune.folder)
        eventually(lambda: acked(node) == 1, seconds=10)
    assert commune.state_of(broadcast, "lung-pang") is DeliveryState.STORED
