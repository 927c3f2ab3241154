"""Delivery from the database to poles and back, over a real broker of each kind."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.service import Delivery
from broadcaster.protocol import chunks, topics
from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.receipts import Acks, Receipt
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.protocol.wants import WantedChunks, Wants
from broadcaster.station import broadcasts, heartbeats
from broadcaster.station.database import Database
from broadcaster.station.nodes import board
from broadcaster.station.schema import NodeState, ReceiptRow
from tests.integration.delivery.commune import STATION, Commune, now
from tests.integration.delivery.probe import Probe, Refused, eventually

pytestmark = pytest.mark.integration


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    database.migrate()
    commune = Commune(database, tmp_path)
    commune.settle_in("lung-pang", "ang-hin")
    yield commune
    database.dispose()


@pytest.fixture(params=["mosquitto", "embedded"])
def broker(request: pytest.FixtureRequest, commune: Commune) -> Broker:
    if request.param == "mosquitto" and executable() is None:
        pytest.skip("Mosquitto is not installed")
    return commune.broker(request.param, free_port("127.0.0.1"))


@pytest.fixture
def delivery(commune: Commune, broker: Broker) -> Iterator[Delivery]:
    with commune.delivery(broker) as delivery:
        eventually(lambda: delivery.connected)
        yield delivery


def receipt(broadcast: str, state: DeliveryState, sequence: int, **more: object) -> Receipt:
    return Receipt(
        receipt=f"receipt-{sequence:04}", broadcast=broadcast, state=state, at=now(), sequence=sequence, **more
    )  # type: ignore[arg-type]


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
            broadcasts.cancel_one(s, broadcasts.get(s, broadcast), by=None, now_at=now())
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


def test_receipts_are_acknowledged_once_they_are_in_the_database(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        broadcast = commune.order(commune.clip(), "lung-pang")
        pole.subscribe(topics.acks(STATION, "lung-pang"))
        pole.state(
            receipt(broadcast, DeliveryState.PLAYING, 1), receipt(broadcast, DeliveryState.PLAYED, 2, played_ms=5000)
        )
        eventually(lambda: len(pole.payloads(topics.acks(STATION, "lung-pang"))) == 1)
        acks = decode(Acks, pole.payloads(topics.acks(STATION, "lung-pang"))[0])
        assert acks.receipts == ("receipt-0001", "receipt-0002")
        assert commune.state_of(broadcast, "lung-pang") is DeliveryState.PLAYED


def test_receipts_sent_twice_and_in_the_wrong_order_are_stored_once(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        broadcast = commune.order(commune.clip(), "lung-pang")
        topic = topics.acks(STATION, "lung-pang")
        pole.subscribe(topic)
        for sequence, state in ((2, DeliveryState.PLAYED), (1, DeliveryState.PLAYING), (2, DeliveryState.PLAYED)):
            pole.state(receipt(broadcast, state, sequence))
        eventually(lambda: sum(len(decode(Acks, each).receipts) for each in pole.payloads(topic)) == 3)
        with commune.database.reading() as s:
            assert len(list(s.scalars(select(ReceiptRow)))) == 2
        assert commune.state_of(broadcast, "lung-pang") is DeliveryState.PLAYED


def test_a_clock_question_is_answered_with_the_stations_time(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        topic = topics.clock_reply(STATION, "lung-pang")
        pole.subscribe(topic)
        before = time.time()
        question = ClockQuestion(node="lung-pang", question="q1", asked_seconds=12.5)
        pole.publish(topics.clock(STATION, "lung-pang"), encode(question))
        eventually(lambda: len(pole.payloads(topic)) == 1)
        reply = decode(ClockReply, pole.payloads(topic)[0])
        assert (reply.question, reply.asked_seconds) == ("q1", 12.5)
        assert before <= reply.received_seconds <= reply.replied_seconds <= time.time()


def test_what_a_pole_says_of_itself_is_on_the_board(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        pole.status(agenda_number=1, software="1.2")

        def presence() -> str:
            with commune.database.reading() as s:
                return next(view.presence for view in board(s, now_at=now()) if view.node.id == "lung-pang")

        eventually(lambda: presence() == "online")


def test_a_retained_online_from_before_the_start_is_no_sign_of_life(commune: Commune, broker: Broker) -> None:
    if broker.kind == "embedded":
        pytest.skip("the embedded broker forgets when it stops")
    with commune.delivery(broker), commune.pole("lung-pang", broker.access.port) as pole:
        pole.status(at=now() - timedelta(hours=5))
        eventually(lambda: _seen(commune))
    with commune.database.session() as s:
        s.delete(s.get_one(NodeState, "lung-pang"))
    with commune.delivery(broker):
        eventually(lambda: _seen(commune))
        with commune.database.reading() as s:
            view = next(view for view in board(s, now_at=now()) if view.node.id == "lung-pang")
            assert view.presence != "online"


def _seen(commune: Commune) -> bool:
    with commune.database.reading() as s:
        return s.get(NodeState, "lung-pang") is not None


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


def test_garbage_and_forgeries_are_counted_and_stop_nothing(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        for payload in (b"\xff\x00", b"{}", b"[" * 5000, b"x" * 70_000):
            pole.publish(topics.receipts(STATION, "lung-pang"), payload)
        forged = ClockQuestion(node="ang-hin", question="q", asked_seconds=0)
        pole.publish(topics.clock(STATION, "lung-pang"), encode(forged))
        pole.status()
        eventually(lambda: delivery.tally.read().get("statuses") == 1)
        counts = delivery.tally.read()
        assert (counts["refused_Malformed"], counts["refused_Oversized"], counts["refused_WronglyAddressed"]) == (
            3,
            1,
            1,
        )


def test_a_revoked_pole_is_cut_off_within_seconds(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        commune.revoke("lung-pang")
        assert pole.lost.wait(10)
    with pytest.raises(Refused), commune.pole("lung-pang", delivery.broker.access.port):
        pass


def test_a_new_pole_gets_in_and_gets_its_agenda_without_a_restart(commune: Commune, delivery: Delivery) -> None:
    commune.add_node("na-ca")

    def follows() -> bool:
        try:
            with commune.pole("na-ca", delivery.broker.access.port) as pole:
                pole.follow()
                eventually(lambda: len(pole.agendas()) == 1)
                return True
        except Refused:
            return False

    eventually(follows, seconds=10)


def test_a_broker_that_forgot_everything_is_filled_again(commune: Commune, broker: Broker) -> None:
    with commune.delivery(broker) as delivery:
        sha256 = commune.clip(50_000)
        broadcast = commune.order(sha256, "lung-pang", in_seconds=3600)
        eventually(lambda: delivery.tally.read().get("chunks_published") == 4 and not delivery.waiting)
        broker.stop()
        for kept in (commune.folder / "broker").glob("mosquitto.db*"):
            kept.unlink()
        eventually(lambda: not delivery.connected)
        broker.start()
        with commune.pole("lung-pang", broker.access.port) as pole:
            pole.follow()
            pole.follow_chunks(sha256)
            eventually(lambda: pole.items() == [broadcast] and len(pole.clip(sha256)) == 50_000, seconds=20)
        assert pole.agendas()[-1].number == pole.agendas()[0].number


@pytest.mark.skipif(executable() is None, reason="Mosquitto is not installed")
def test_a_broker_killed_again_and_again_loses_no_order_and_no_receipt(commune: Commune) -> None:
    broker = commune.broker("mosquitto", free_port("127.0.0.1"))
    clips, orders = [], []
    with commune.delivery(broker) as delivery:
        for number in range(4):
            eventually(lambda: delivery.connected, seconds=15)
            clips.append(commune.clip(60_000))
            orders.append(commune.order(clips[-1], "lung-pang", in_seconds=3600 + number))
            time.sleep(0.1 * number)
            os.kill(int((commune.folder / "broker" / "pid").read_text()), signal.SIGKILL)
            eventually(lambda: not delivery.connected)
        eventually(lambda: delivery.connected and not delivery.waiting, seconds=20)
        with commune.pole("lung-pang", broker.access.port) as pole:
            pole.follow()
            pole.subscribe(topics.acks(STATION, "lung-pang"))
            eventually(lambda: pole.items() == orders)
            for sha256 in clips:
                pole.follow_chunks(sha256)
            eventually(lambda: all(len(pole.clip(sha256)) == 60_000 for sha256 in clips))
            pole.state(*(receipt(each, DeliveryState.PLAYED, number) for number, each in enumerate(orders)))
            eventually(lambda: all(commune.state_of(each, "lung-pang") is DeliveryState.PLAYED for each in orders))


def test_a_restart_issues_no_new_number_and_sends_no_chunk_again(commune: Commune, broker: Broker) -> None:
    if broker.kind == "embedded":
        pytest.skip("the embedded broker forgets when it stops")
    sha256 = commune.clip(50_000)
    commune.order(sha256, "lung-pang", in_seconds=3600)
    with commune.delivery(broker) as first:
        eventually(lambda: first.tally.read().get("agendas_published", 0) >= 2 and not first.waiting)
        with commune.pole("lung-pang", broker.access.port) as pole:
            pole.follow()
            eventually(lambda: len(pole.agendas()) == 1)
            number = pole.agendas()[0].number
    with commune.delivery(broker) as second:
        eventually(lambda: second.connected)
        time.sleep(1.5)
        assert not second.waiting
        assert "chunks_published" not in second.tally.read()
        assert "agendas_published" not in second.tally.read()
        with commune.pole("lung-pang", broker.access.port) as pole:
            pole.follow()
            eventually(lambda: len(pole.agendas()) == 1)
            assert pole.agendas()[0].number == number


def test_clips_nobody_needs_are_cleared_from_the_broker(commune: Commune, broker: Broker) -> None:
    port = broker.access.port
    stray = topics.chunk(STATION, "f" * 64, 0)
    broker.start()
    with Probe(port, broker.access.username, broker.access.password) as ours:
        ours.publish(stray, b"of a clip long gone", retain=True)
        ours.publish(topics.agenda(STATION, "long-gone"), b"of a pole long gone", retain=True)
    running = Delivery(commune.database, commune.identity, broker.access, commune.clips_dir, now)
    running.start()
    try:
        eventually(lambda: _kept(broker, f"{topics.ROOT}/{STATION}/clips/#") == [], seconds=10)
        eventually(lambda: topics.agenda(STATION, "long-gone") not in _kept(broker, f"{topics.ROOT}/#"), seconds=10)
    finally:
        running.stop()
        broker.stop()


def _kept(broker: Broker, topic_filter: str) -> list[str]:
    """Topics under which the broker keeps a message."""
    with Probe(broker.access.port, broker.access.username, broker.access.password) as ours:
        ours.subscribe(topic_filter)
        time.sleep(0.3)
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
