"""Whoever holds one node's card has its credential, and may say at the broker whatever it likes."""

import time

import pytest
from sqlalchemy import func, select

from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.matters.findings import findings
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import ReceiptRow
from tests.attacks.measured import repeatedly
from tests.integration.delivery.commune import STATION, Commune, VirtualNode, now
from tests.integration.delivery.probe import eventually
from tests.rig.running.busy import stretched

pytestmark = pytest.mark.integration

MESSAGES, FACTS = 200, 100
SLOWEST_SECONDS = 4.0
"""An order waits at most so long on a machine of its own; nobody waits for eight minutes any more."""


def invented(number: int, *, count: int = FACTS) -> bytes:
    facts = tuple(
        Receipt(
            receipt=f"invented-{number}-{each}",
            broadcast=f"invented-{number}-{each}",
            state=DeliveryState.PLAYED,
            at=now(),
            sequence=number * FACTS + each,
        )
        for each in range(count)
    )
    return encode(Receipts(node="lung-pang", receipts=facts))


def send(thief: VirtualNode, payloads: list[bytes]) -> None:
    for payload in payloads:
        thief.client.publish(topics.receipts(STATION, "lung-pang"), payload, qos=1)


def acked(node: VirtualNode) -> int:
    return sum(len(decode(Acks, each).receipts) for each in node.payloads(topics.acks(STATION, node.name)))


def test_receipts_about_unknown_broadcasts_are_dropped_and_hold_up_nobody(
    commune: Commune, delivery: DeliveryService
) -> None:
    sha256 = commune.clip()
    payloads = [invented(number) for number in range(MESSAGES)]
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as thief:
        thief.subscribe(topics.acks(STATION, "lung-pang"))
        with repeatedly(lambda: commune.order(sha256, "ang-hin", in_seconds=3600)) as waited:
            send(thief, payloads)
            eventually(lambda: acked(thief) == MESSAGES * FACTS, seconds=120)
    assert waited
    assert max(waited) <= stretched(SLOWEST_SECONDS)
    with commune.database.reading() as s:
        assert s.scalar(select(func.count()).select_from(ReceiptRow)) == 0


def test_it_becomes_a_matter_and_the_station_says_that_it_is_hindered(
    commune: Commune, delivery: DeliveryService
) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as thief:
        send(thief, [invented(1)])

        def said() -> bool:
            with commune.database.reading() as s:
                beat = heartbeats.read(s).get("publisher")
                kinds = {each.key: each.details for each in findings(s, now_at=now())}
            found = kinds.get("node_conduct node:lung-pang", {})
            return bool(beat and "node_unknown_receipts" in beat.detail["hindrances"] and found.get("unknown") == FACTS)

        eventually(said, seconds=30)


def test_a_flood_of_messages_keeps_no_other_node_from_being_heard(commune: Commune, delivery: DeliveryService) -> None:
    broadcast = commune.order(commune.clip(), "ang-hin", in_seconds=3600)
    port = delivery.broker.access.port
    with commune.virtual_node("lung-pang", port) as thief, commune.virtual_node("ang-hin", port) as honest:
        honest.subscribe(topics.acks(STATION, "ang-hin"))
        payload = invented(1, count=1)
        for _ in range(6_000):
            thief.client.publish(topics.receipts(STATION, "lung-pang"), payload, qos=0)
        stated = Receipt(receipt="receipt-0001", broadcast=broadcast, state=DeliveryState.STORED, at=now(), sequence=1)
        until = time.monotonic() + 60
        while acked(honest) == 0:
            assert time.monotonic() < until, "the honest node is not heard"
            honest.state(stated)  # as its outbox does
            time.sleep(0.5)
        eventually(lambda: commune.state_of(broadcast, "ang-hin") is DeliveryState.STORED, seconds=30)
