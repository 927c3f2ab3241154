"""A thousand idle connections and five hundred slow ones at the broker."""

import pytest

from broadcaster.delivery.service import DeliveryService
from broadcaster.station.rows import heartbeats
from tests.attacks.strangers.connections import many_connections
from tests.integration.delivery.commune import Commune
from tests.integration.delivery.probe import Probe, eventually

pytestmark = pytest.mark.integration


@pytest.mark.limit(400)
def test_an_order_reaches_a_node_that_comes_while_they_wait_at_the_listener(
    commune: Commune, delivery: DeliveryService
) -> None:
    port = delivery.broker.access.port
    sha256 = commune.clip()
    with many_connections(port), commune.virtual_node("lung-pang", port) as node:
        node.follow()
        broadcast = commune.order(sha256, "lung-pang", in_seconds=60)
        eventually(lambda: broadcast in node.items(), seconds=20)


@pytest.mark.limit(400)
def test_a_station_that_loses_its_connection_finds_its_own_listener_free(
    commune: Commune, delivery: DeliveryService
) -> None:
    port = delivery.broker.access.port
    sha256 = commune.clip()
    with commune.virtual_node("lung-pang", port) as node:
        node.follow()
        with many_connections(port):
            delivery._connection._lost.set()
            eventually(lambda: not delivery.connected, seconds=10)
            eventually(lambda: delivery.connected, seconds=30)
            broadcast = commune.order(sha256, "lung-pang", in_seconds=60)
            eventually(lambda: broadcast in node.items(), seconds=20)


@pytest.mark.parametrize("delivery", ["embedded"], indirect=True)
def test_the_embedded_broker_says_that_it_is_crowded(commune: Commune, delivery: DeliveryService) -> None:
    def stated() -> bool:
        with commune.database.reading() as s:
            beat = heartbeats.read(s).get("publisher")
        return bool(beat and "broker_crowded" in beat.detail["hindrances"])

    with many_connections(delivery.broker.access.port, idle=300, slow=0):
        eventually(stated, seconds=20)


@pytest.mark.parametrize("delivery", ["embedded"], indirect=True)
def test_one_card_cannot_take_all_places_inside(commune: Commune, delivery: DeliveryService) -> None:
    port, word = delivery.broker.access.port, commune.passwords["lung-pang"]
    mine = [Probe(port, "lung-pang", word, client_id=f"copy-{number}") for number in range(6)]
    try:
        for each in mine:
            each.__enter__()
        eventually(lambda: sum(not each.lost.is_set() for each in mine) <= 2, seconds=10)
        with commune.virtual_node("ang-hin", port):
            pass
    finally:
        for each in mine:
            each.__exit__()


@pytest.mark.parametrize("delivery", ["embedded"], indirect=True)
def test_a_message_that_is_too_long_ends_the_connection_and_costs_no_memory(
    commune: Commune, delivery: DeliveryService
) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as node:
        node.client.publish("loa/1/con-minh/nodes/lung-pang/receipts", bytes(2_000_000), qos=0)
        assert node.lost.wait(20)


@pytest.mark.parametrize("delivery", ["mosquitto"], indirect=True)
def test_under_one_name_one_connection_stands(commune: Commune, delivery: DeliveryService) -> None:
    port, word = delivery.broker.access.port, commune.passwords["lung-pang"]
    with Probe(port, "lung-pang", word, client_id="one") as first, Probe(port, "lung-pang", word, client_id="two"):
        assert first.lost.wait(10)
