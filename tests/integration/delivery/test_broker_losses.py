"""Brokers that die, forget, or remember what nobody needs any more; of each kind."""

import os
import signal
import time

import pytest

from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.rows import heartbeats
from tests.integration.delivery.commune import STATION, Commune, now, receipt
from tests.integration.delivery.conftest import KEEPS
from tests.integration.delivery.probe import Probe, eventually

pytestmark = pytest.mark.integration
LATER_SECONDS = 0.1
"""Each kill comes so much later after its order than the last one: another part of the work is cut off."""
QUIET_SECONDS = 1.5
"""Longer than a station takes to look over everything once it is connected: what it would send again, it has sent."""
RETAINED_SECONDS = 0.3
"""How long a broker of this machine may take to bring what it keeps; nothing says that it was all."""


def test_a_broker_that_forgot_everything_is_filled_again(commune: Commune, broker: Broker) -> None:
    with commune.delivery(broker) as delivery:
        sha256 = commune.clip(50_000)
        broadcast = commune.order(sha256, "lung-pang", in_seconds=3600)
        eventually(lambda: delivery.tally.read().get("chunks_published") == 4 and not delivery.waiting)
        broker.stop()
        for stored in (commune.folder / "broker").glob("mosquitto.db*"):
            stored.unlink()
        eventually(lambda: not delivery.connected)
        broker.start()
        with commune.virtual_node("lung-pang", broker.access.port) as virtual_node:
            virtual_node.follow()
            virtual_node.follow_chunks(sha256)
            eventually(
                lambda: virtual_node.items() == [broadcast] and len(virtual_node.clip(sha256)) == 50_000, seconds=20
            )
        assert virtual_node.agendas()[-1].number == virtual_node.agendas()[0].number


@KEEPS
def test_a_broker_killed_again_and_again_loses_no_order_and_no_receipt(commune: Commune, broker: Broker) -> None:
    clips, orders = [], []
    with commune.delivery(broker) as delivery:
        for number in range(4):
            eventually(lambda: delivery.connected, seconds=15)
            clips.append(commune.clip(60_000))
            orders.append(commune.order(clips[-1], "lung-pang", in_seconds=3600 + number))
            time.sleep(LATER_SECONDS * number)
            os.kill(int((commune.folder / "broker" / "pid").read_text()), signal.SIGKILL)
            eventually(lambda: not delivery.connected)
        eventually(lambda: delivery.connected and not delivery.waiting, seconds=20)
        with commune.virtual_node("lung-pang", broker.access.port) as virtual_node:
            virtual_node.follow()
            virtual_node.subscribe(topics.acks(STATION, "lung-pang"))
            eventually(lambda: virtual_node.items() == orders)
            for sha256 in clips:
                virtual_node.follow_chunks(sha256)
            eventually(lambda: all(len(virtual_node.clip(sha256)) == 60_000 for sha256 in clips))
            virtual_node.state(*(receipt(each, DeliveryState.PLAYED, number) for number, each in enumerate(orders)))
            eventually(lambda: all(commune.state_of(each, "lung-pang") is DeliveryState.PLAYED for each in orders))


@KEEPS
def test_a_restart_issues_no_new_number_and_sends_no_chunk_again(commune: Commune, broker: Broker) -> None:
    sha256 = commune.clip(50_000)
    commune.order(sha256, "lung-pang", in_seconds=3600)
    with commune.delivery(broker) as first:
        eventually(lambda: first.tally.read().get("agendas_published", 0) >= 2 and not first.waiting)
        with commune.virtual_node("lung-pang", broker.access.port) as virtual_node:
            virtual_node.follow()
            eventually(lambda: len(virtual_node.agendas()) == 1)
            number = virtual_node.agendas()[0].number
    with commune.delivery(broker) as second:
        eventually(lambda: second.connected)
        time.sleep(QUIET_SECONDS)
        assert not second.waiting
        assert "chunks_published" not in second.tally.read()
        assert "agendas_published" not in second.tally.read()
        with commune.virtual_node("lung-pang", broker.access.port) as virtual_node:
            virtual_node.follow()
            eventually(lambda: len(virtual_node.agendas()) == 1)
            assert virtual_node.agendas()[0].number == number


def test_clips_nobody_needs_are_cleared_from_the_broker(commune: Commune, broker: Broker) -> None:
    port = broker.access.port
    stray = topics.chunk(STATION, "f" * 64, 0)
    broker.start()
    with Probe(port, broker.access.username, broker.access.password) as ours:
        ours.publish(stray, b"of a clip long gone", retain=True)
        ours.publish(topics.agenda(STATION, "long-gone"), b"of a node long gone", retain=True)
    running = DeliveryService(commune.database, commune.identity, broker.access, commune.clips_dir, now)
    running.start()
    try:
        eventually(lambda: _stored(broker, f"{topics.ROOT}/{STATION}/clips/#") == [], seconds=10)
        eventually(lambda: topics.agenda(STATION, "long-gone") not in _stored(broker, f"{topics.ROOT}/#"), seconds=10)
    finally:
        running.stop()
        broker.stop()


def _stored(broker: Broker, topic_filter: str) -> list[str]:
    """Topics under which the broker keeps a message."""
    with Probe(broker.access.port, broker.access.username, broker.access.password) as ours:
        ours.subscribe(topic_filter)
        time.sleep(RETAINED_SECONDS)
        return [message.topic for message in ours.heard if message.retain]


def test_the_console_can_see_whether_the_broker_is_reached(commune: Commune, broker: Broker) -> None:
    def said() -> object:
        with commune.database.reading() as s:
            beat = heartbeats.read(s).get("publisher")
            return beat and beat.detail["connected"]

    with commune.delivery(broker) as delivery:
        eventually(lambda: said() is True)
        broker.stop()
        eventually(lambda: said() is False, seconds=10)
        assert delivery.broker.kind == broker.kind
