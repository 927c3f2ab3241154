"""Agendas and their clips, from the database to nodes, over a real broker of each kind."""

from datetime import timedelta

import pytest

from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.codec import encode
from broadcaster.protocol.mqtt import chunks, topics
from broadcaster.protocol.values import BroadcastClass
from broadcaster.protocol.wants import WantedChunks, Wants
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.broadcasts import broadcasts
from tests.integration.delivery.commune import STATION, Commune, now
from tests.integration.delivery.probe import Probe, eventually

pytestmark = pytest.mark.integration


def test_every_node_gets_an_agenda_even_when_there_is_nothing_to_play(
    commune: Commune, delivery: DeliveryService
) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        virtual_node.follow()
        eventually(lambda: len(virtual_node.agendas()) == 1)
        agenda = virtual_node.agendas()[0]
        assert (agenda.node, agenda.number, agenda.items) == ("lung-pang", 1, ())
        assert agenda.expires_at - agenda.issued_at == timedelta(days=7)


def test_an_order_reaches_its_nodes_with_its_clip_whole(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        virtual_node.follow()
        eventually(lambda: len(virtual_node.agendas()) == 1)
        sha256 = commune.clip(100_000)
        broadcast = commune.order(sha256, "lung-pang")
        eventually(lambda: virtual_node.items() == [broadcast])
        virtual_node.follow_chunks(sha256)
        eventually(lambda: len(virtual_node.clip(sha256)) == 100_000)
        chunks.check_clip(virtual_node.agendas()[-1].clip(sha256), virtual_node.clip(sha256))


def test_an_agenda_comes_only_after_the_chunks_it_needs(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        sha256 = commune.clip(300_000)
        virtual_node.follow()
        virtual_node.follow_chunks(sha256)
        broadcast = commune.order(sha256, "lung-pang")
        eventually(lambda: virtual_node.items() == [broadcast])
        last = [m.topic for m in virtual_node.heard].index(topics.agenda(STATION, "lung-pang"), 1)
        assert (
            sum("/clips/" in m.topic for m in virtual_node.heard[:last])
            == chunks.count(virtual_node.agendas()[-1].clip(sha256))
            or len(virtual_node.clip(sha256)) == 300_000
        )


def test_a_cancelled_broadcast_is_no_longer_in_the_agenda(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        virtual_node.follow()
        broadcast = commune.order(commune.clip(), "lung-pang", in_seconds=60)
        eventually(lambda: virtual_node.items() == [broadcast])
        with commune.database.session() as s:
            cancel_one(s, broadcasts.get(s, broadcast), by=None, now_at=now())
        eventually(lambda: virtual_node.items() == [], seconds=2)
        numbers = [agenda.number for agenda in virtual_node.agendas()]
        assert numbers == sorted(set(numbers))


def test_an_emergency_does_not_wait_behind_the_chunks_of_another_clip(
    commune: Commune, delivery: DeliveryService
) -> None:
    with commune.virtual_node("ang-hin", delivery.broker.access.port) as virtual_node:
        virtual_node.follow()
        ready = commune.clip(20_000)
        first = commune.order(ready, "ang-hin", in_seconds=3600)
        eventually(lambda: virtual_node.items() == [first])
        commune.order(commune.clip(8_000_000), "lung-pang", in_seconds=7200)
        urgent = commune.order(ready, "ang-hin", kind=BroadcastClass.EMERGENCY)
        eventually(lambda: urgent in virtual_node.items(), seconds=2)
        assert delivery.waiting > 0


def test_chunks_the_broker_lost_are_published_again_when_a_node_asks(
    commune: Commune, delivery: DeliveryService
) -> None:
    access = delivery.broker.access
    with commune.virtual_node("lung-pang", access.port) as virtual_node:
        virtual_node.follow()
        sha256 = commune.clip(40_000)
        broadcast = commune.order(sha256, "lung-pang", in_seconds=60)
        eventually(lambda: virtual_node.items() == [broadcast])
        with Probe(access.port, access.username, access.password) as ours:
            ours.publish(topics.chunk(STATION, sha256, 1), b"", retain=True)
        virtual_node.subscribe(topics.chunk(STATION, sha256, 1))
        wants = Wants(node="lung-pang", chunks=(WantedChunks(sha256=sha256, indexes=(1,)),))
        virtual_node.publish(topics.wants(STATION, "lung-pang"), encode(wants))
        eventually(
            lambda: [len(each) for each in virtual_node.payloads(topics.chunk(STATION, sha256, 1))][-1:] == [16_384]
        )


def test_two_stations_on_one_database_agree(commune: Commune, broker: Broker) -> None:
    with commune.delivery(broker):
        second = DeliveryService(commune.database, commune.identity, broker.access, commune.clips_dir, now)
        second.start()
        try:
            with commune.virtual_node("lung-pang", broker.access.port) as virtual_node:
                virtual_node.follow()
                for _ in range(5):
                    sha256 = commune.clip()
                    broadcast = commune.order(sha256, "lung-pang", in_seconds=3600)
                    eventually(lambda wanted=broadcast: wanted in virtual_node.items())
                tokens = virtual_node.payloads(topics.agenda(STATION, "lung-pang"))
                numbers = {agenda.number for agenda in virtual_node.agendas()}
                assert len(set(tokens)) == len(numbers)
            with commune.virtual_node("lung-pang", broker.access.port) as later:
                later.follow()
                eventually(lambda: len(later.items()) == 5)
                assert later.agendas()[-1].number >= max(numbers)
        finally:
            second.stop()
