"""What a broker keeps and brings, and that it can be stopped and started."""

from pathlib import Path

import pytest

from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.broker.sockets import accepts
from broadcaster.errors import Unavailable
from tests.integration.delivery.broker.brokers import TREE, make, node, station
from tests.integration.delivery.probe import eventually

pytestmark = pytest.mark.integration


def test_the_last_will_of_a_node_that_vanishes_is_published_and_kept(broker: Broker) -> None:
    topic = f"{TREE}/nodes/lung-pang/status"
    with station(broker) as ours:
        ours.subscribe(topic)
        with node(broker, "lung-pang", will=(topic, b"gone")) as virtual_node:
            virtual_node.drop()
        eventually(lambda: ours.payloads(topic) == [b"gone"])
    with station(broker) as later:
        later.subscribe(topic)
        eventually(lambda: later.payloads(topic) == [b"gone"])


def test_retained_messages_are_kept_until_they_are_cleared(broker: Broker) -> None:
    topic = f"{TREE}/clips/{'a' * 64}/0"
    chunk = bytes(range(256)) * 64
    with station(broker) as ours:
        ours.publish(topic, chunk, retain=True)
    with node(broker, "lung-pang") as virtual_node:
        virtual_node.subscribe(topic)
        eventually(lambda: virtual_node.payloads(topic) == [chunk])
    with station(broker) as ours:
        ours.publish(topic, b"", retain=True)
    with node(broker, "ang-hin") as virtual_node, station(broker) as ours:
        virtual_node.subscribe(topic)
        ours.publish(topic, b"new")
        eventually(lambda: virtual_node.payloads(topic) == [b"new"])


def test_a_signed_agenda_of_the_greatest_length_passes(broker: Broker) -> None:
    topic = f"{TREE}/nodes/lung-pang/agenda"
    token = b"x" * (262_144 * 4 // 3 + 1024)
    with node(broker, "lung-pang") as virtual_node, station(broker) as ours:
        virtual_node.subscribe(topic)
        ours.publish(topic, token, retain=True)
        eventually(lambda: virtual_node.payloads(topic) == [token])


def test_it_can_be_stopped_and_started_again(broker: Broker) -> None:
    broker.stop()
    assert not accepts("127.0.0.1", broker.access.port)
    broker.start()
    with node(broker, "lung-pang"):
        pass


def test_a_taken_port_is_said_in_one_sentence_that_names_the_setting(broker: Broker, tmp_path: Path) -> None:
    for kind in ("mosquitto", "embedded"):
        with pytest.raises(Unavailable, match=rf"broker\.port_taken port={broker.access.port} ") as caught:
            make(kind, tmp_path / "second", broker.access.port).start()
        assert caught.value.field == "broker.port"
