"""What nodes say, from them to the database, over a real broker of each kind."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.nodes.nodes import board
from broadcaster.station.schema import NodeState, ReceiptRow
from tests.integration.delivery.commune import STATION, Commune, now, receipt
from tests.integration.delivery.conftest import KEEPS
from tests.integration.delivery.probe import eventually

pytestmark = pytest.mark.integration


def test_receipts_are_acknowledged_once_they_are_in_the_database(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        broadcast = commune.order(commune.clip(), "lung-pang")
        virtual_node.subscribe(topics.acks(STATION, "lung-pang"))
        virtual_node.state(
            receipt(broadcast, DeliveryState.PLAYING, 1), receipt(broadcast, DeliveryState.PLAYED, 2, played_ms=5000)
        )
        eventually(lambda: len(virtual_node.payloads(topics.acks(STATION, "lung-pang"))) == 1)
        acks = decode(Acks, virtual_node.payloads(topics.acks(STATION, "lung-pang"))[0])
        assert acks.receipts == ("receipt-0001", "receipt-0002")
        assert commune.state_of(broadcast, "lung-pang") is DeliveryState.PLAYED


def test_receipts_sent_twice_and_in_the_wrong_order_are_stored_once(
    commune: Commune, delivery: DeliveryService
) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        broadcast = commune.order(commune.clip(), "lung-pang")
        topic = topics.acks(STATION, "lung-pang")
        virtual_node.subscribe(topic)
        for sequence, state in ((2, DeliveryState.PLAYED), (1, DeliveryState.PLAYING), (2, DeliveryState.PLAYED)):
            virtual_node.state(receipt(broadcast, state, sequence))
        eventually(lambda: delivery.tally.read().get("receipts", 0) >= 3)  # a connection that broke says one again
        acknowledged = {"receipt-0001", "receipt-0002"}
        eventually(
            lambda: (
                {one for each in virtual_node.payloads(topic) for one in decode(Acks, each).receipts} == acknowledged
            )
        )
        with commune.database.reading() as s:
            assert len(list(s.scalars(select(ReceiptRow)))) == 2
        assert commune.state_of(broadcast, "lung-pang") is DeliveryState.PLAYED


def test_a_clock_question_is_answered_with_the_stations_time(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        topic = topics.clock_reply(STATION, "lung-pang")
        virtual_node.subscribe(topic)
        before = time.time()
        question = ClockQuestion(node="lung-pang", question="q1", asked_seconds=12.5)
        virtual_node.publish(topics.clock(STATION, "lung-pang"), encode(question))
        eventually(lambda: len(virtual_node.payloads(topic)) == 1)
        reply = decode(ClockReply, virtual_node.payloads(topic)[0])
        assert (reply.question, reply.asked_seconds) == ("q1", 12.5)
        assert before <= reply.received_seconds <= reply.replied_seconds <= time.time()


def test_what_a_node_says_of_itself_is_on_the_board(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        virtual_node.status(agenda_number=1, software="1.2")

        def presence() -> str:
            with commune.database.reading() as s:
                return next(view.presence for view in board(s, now_at=now()) if view.node.id == "lung-pang")

        eventually(lambda: presence() == "online")


@KEEPS
def test_a_retained_online_from_before_the_start_is_no_sign_of_life(commune: Commune, broker: Broker) -> None:
    with commune.delivery(broker), commune.virtual_node("lung-pang", broker.access.port) as virtual_node:
        virtual_node.status(at=now() - timedelta(hours=5))
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


def test_garbage_and_forgeries_are_counted_and_stop_nothing(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        for payload in (b"\xff\x00", b"{}", b"[" * 5000, b"x" * 70_000):
            virtual_node.publish(topics.receipts(STATION, "lung-pang"), payload)
        forged = ClockQuestion(node="ang-hin", question="q", asked_seconds=0)
        virtual_node.publish(topics.clock(STATION, "lung-pang"), encode(forged))
        virtual_node.status()
        eventually(lambda: delivery.tally.read().get("statuses") == 1)
        counts = delivery.tally.read()
        assert (counts["refused_Malformed"], counts["refused_Oversized"], counts["refused_WronglyAddressed"]) == (
            3,
            1,
            1,
        )
