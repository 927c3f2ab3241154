"""Who reads and who writes which topic."""

import pytest

from broadcaster.delivery.broker.port import Broker
from tests.integration.delivery.broker.brokers import TREE, node, station
from tests.integration.delivery.probe import Refused, eventually

pytestmark = pytest.mark.integration
NODE_READS = ("agenda", "acks", "clock/reply")
NODE_WRITES = ("wants", "status", "receipts", "clock")


@pytest.mark.parametrize("leaf", NODE_READS)
def test_a_node_reads_its_own_topics(broker: Broker, leaf: str) -> None:
    topic = f"{TREE}/nodes/lung-pang/{leaf}"
    with node(broker, "lung-pang") as virtual_node, station(broker) as ours:
        virtual_node.subscribe(topic)
        ours.publish(topic, b"for lung-pang")
        eventually(lambda: virtual_node.payloads(topic) == [b"for lung-pang"])


@pytest.mark.parametrize("topic_filter", [f"{TREE}/nodes/ang-hin/agenda", f"{TREE}/nodes/+/agenda", f"{TREE}/#", "#"])
def test_a_node_hears_nothing_of_another_nodes_topics(broker: Broker, topic_filter: str) -> None:
    with node(broker, "lung-pang") as virtual_node, station(broker) as ours:
        ours.publish(f"{TREE}/nodes/ang-hin/agenda", b"kept", retain=True)
        virtual_node.subscribe(topic_filter)
        virtual_node.subscribe(f"{TREE}/nodes/lung-pang/agenda")
        ours.publish(f"{TREE}/nodes/ang-hin/agenda", b"secret", retain=True)
        ours.publish(f"{TREE}/nodes/lung-pang/agenda", b"own")
        eventually(lambda: b"own" in virtual_node.payloads(f"{TREE}/nodes/lung-pang/agenda"))
        assert virtual_node.payloads(f"{TREE}/nodes/ang-hin/agenda") == []


def test_presenting_another_nodes_client_id_yields_none_of_its_messages(broker: Broker) -> None:
    topic = f"{TREE}/nodes/ang-hin/agenda"
    with node(broker, "ang-hin", client_id="ang-hin", clean_session=False) as victim:
        victim.subscribe(topic)
    with station(broker) as ours:
        ours.publish(topic, b"secret", retain=True)
    try:
        with node(broker, "lung-pang", client_id="ang-hin", clean_session=False) as thief, station(broker) as ours:
            thief.subscribe(f"{TREE}/nodes/lung-pang/agenda")
            ours.publish(f"{TREE}/nodes/lung-pang/agenda", b"own")
            eventually(lambda: b"own" in thief.payloads(f"{TREE}/nodes/lung-pang/agenda"))
            assert thief.payloads(topic) == []
    except Refused:
        return  # even better


def test_connecting_brings_no_message_that_was_not_asked_for(broker: Broker) -> None:
    with station(broker) as ours:
        ours.subscribe(f"{TREE}/#")
        ours.publish(f"{TREE}/clips/{'a' * 64}/0", b"chunk", retain=True)
        with node(broker, "lung-pang") as virtual_node:
            virtual_node.subscribe(f"{TREE}/nodes/lung-pang/acks")
            ours.publish(f"{TREE}/nodes/lung-pang/acks", b"own")
            eventually(lambda: len(virtual_node.heard) > 0)
            assert [bytes(message.payload) for message in virtual_node.heard] == [b"own"]


@pytest.mark.parametrize("leaf", NODE_WRITES)
def test_the_station_hears_what_a_node_says_on_its_own_topics(broker: Broker, leaf: str) -> None:
    topic = f"{TREE}/nodes/lung-pang/{leaf}"
    with node(broker, "lung-pang") as virtual_node, station(broker) as ours:
        ours.subscribe(f"{TREE}/nodes/+/{leaf}")
        virtual_node.publish(topic, b"said")
        eventually(lambda: ours.payloads(topic) == [b"said"])


@pytest.mark.parametrize(
    "topic",
    [
        f"{TREE}/nodes/ang-hin/status",
        f"{TREE}/nodes/ang-hin/receipts",
        f"{TREE}/nodes/lung-pang/agenda",
        f"{TREE}/nodes/ang-hin/agenda",
        f"{TREE}/clips/{'0' * 64}/0",
        "elsewhere",
    ],
)
def test_what_a_node_writes_outside_its_topics_reaches_nobody(broker: Broker, topic: str) -> None:
    with node(broker, "lung-pang") as virtual_node, station(broker) as ours:
        ours.subscribe(f"{TREE}/#")
        virtual_node.client.publish(topic, b"forged", qos=1, retain=True)
        virtual_node.publish(f"{TREE}/nodes/lung-pang/status", b"own")
        eventually(lambda: ours.payloads(f"{TREE}/nodes/lung-pang/status") == [b"own"])
        assert ours.payloads(topic) == []


def test_a_will_on_another_nodes_topic_is_never_published(broker: Broker) -> None:
    topic = f"{TREE}/nodes/ang-hin/status"
    with station(broker) as ours:
        ours.subscribe(f"{TREE}/#")
        try:
            with node(broker, "lung-pang", will=(topic, b"forged")) as virtual_node:
                virtual_node.drop()
        except Refused:
            pass
        with node(broker, "lung-pang") as virtual_node:
            virtual_node.publish(f"{TREE}/nodes/lung-pang/status", b"own")
        eventually(lambda: b"own" in ours.payloads(f"{TREE}/nodes/lung-pang/status"))
        assert ours.payloads(topic) == []
