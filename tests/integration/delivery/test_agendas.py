"""Agendas and their clips, from the database to poles, over a real broker of each kind."""

from datetime import timedelta

import pytest

from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.service import Delivery
from broadcaster.protocol import chunks, topics
from broadcaster.protocol.codec import encode
from broadcaster.protocol.values import BroadcastClass
from broadcaster.protocol.wants import WantedChunks, Wants
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.broadcasts import broadcasts
from tests.integration.delivery.commune import STATION, Commune, now
from tests.integration.delivery.probe import Probe, eventually

pytestmark = pytest.mark.integration


def test_every_pole_gets_an_agenda_even_when_there_is_nothing_to_play(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        pole.follow()
        eventually(lambda: len(pole.agendas()) == 1)
        agenda = pole.agendas()[0]
        assert (agenda.node, agenda.number, agenda.items) == ("lung-pang", 1, ())
        assert agenda.expires_at - agenda.issued_at == timedelta(days=7)


def test_an_order_reaches_its_poles_with_its_clip_whole(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        pole.follow()
        eventually(lambda: len(pole.agendas()) == 1)
        sha256 = commune.clip(100_000)
        broadcast = commune.order(sha256, "lung-pang")
        eventually(lambda: pole.items() == [broadcast])
        pole.follow_chunks(sha256)
        eventually(lambda: len(pole.clip(sha256)) == 100_000)
        chunks.check_clip(pole.agendas()[-1].clip(sha256), pole.clip(sha256))


def test_an_agenda_comes_only_after_the_chunks_it_needs(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        sha256 = commune.clip(300_000)
        pole.follow()
        pole.follow_chunks(sha256)
        broadcast = commune.order(sha256, "lung-pang")
        eventually(lambda: pole.items() == [broadcast])
        last = [m.topic for m in pole.heard].index(topics.agenda(STATION, "lung-pang"), 1)
        assert (
            sum("/clips/" in m.topic for m in pole.heard[:last]) == chunks.count(pole.agendas()[-1].clip(sha256))
            or len(pole.clip(sha256)) == 300_000
        )


def test_a_cancelled_broadcast_is_no_longer_in_the_agenda(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        pole.follow()
        broadcast = commune.order(commune.clip(), "lung-pang", in_seconds=60)
        eventually(lambda: pole.items() == [broadcast])
        with commune.database.session() as s:
            cancel_one(s, broadcasts.get(s, broadcast), by=None, now_at=now())
        eventually(lambda: pole.items() == [], seconds=2)
        numbers = [agenda.number for agenda in pole.agendas()]
        assert numbers == sorted(set(numbers))


def test_an_emergency_does_not_wait_behind_the_chunks_of_another_clip(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("ang-hin", delivery.broker.access.port) as pole:
        pole.follow()
        ready = commune.clip(20_000)
        first = commune.order(ready, "ang-hin", in_seconds=3600)
        eventually(lambda: pole.items() == [first])
        commune.order(commune.clip(8_000_000), "lung-pang", in_seconds=7200)
        urgent = commune.order(ready, "ang-hin", kind=BroadcastClass.EMERGENCY)
        eventually(lambda: urgent in pole.items(), seconds=2)
        assert delivery.waiting > 0


def test_chunks_the_broker_lost_are_published_again_when_a_pole_asks(commune: Commune, delivery: Delivery) -> None:
    access = delivery.broker.access
    with commune.pole("lung-pang", access.port) as pole:
        pole.follow()
        sha256 = commune.clip(40_000)
        broadcast = commune.order(sha256, "lung-pang", in_seconds=60)
        eventually(lambda: pole.items() == [broadcast])
        with Probe(access.port, access.username, access.password) as ours:
            ours.publish(topics.chunk(STATION, sha256, 1), b"", retain=True)
        pole.subscribe(topics.chunk(STATION, sha256, 1))
        wants = Wants(node="lung-pang", chunks=(WantedChunks(sha256=sha256, indexes=(1,)),))
        pole.publish(topics.wants(STATION, "lung-pang"), encode(wants))
        eventually(lambda: [len(each) for each in pole.payloads(topics.chunk(STATION, sha256, 1))][-1:] == [16_384])


def test_two_stations_on_one_database_agree(commune: Commune, broker: Broker) -> None:
    with commune.delivery(broker):
        second = Delivery(commune.database, commune.identity, broker.access, commune.clips_dir, now)
        second.start()
        try:
            with commune.pole("lung-pang", broker.access.port) as pole:
                pole.follow()
                for _ in range(5):
                    sha256 = commune.clip()
                    broadcast = commune.order(sha256, "lung-pang", in_seconds=3600)
                    eventually(lambda wanted=broadcast: wanted in pole.items())
                tokens = pole.payloads(topics.agenda(STATION, "lung-pang"))
                numbers = {agenda.number for agenda in pole.agendas()}
                assert len(set(tokens)) == len(numbers)
            with commune.pole("lung-pang", broker.access.port) as later:
                later.follow()
                eventually(lambda: len(later.items()) == 5)
                assert later.agendas()[-1].number >= max(numbers)
        finally:
            second.stop()
