"""No attack: a commune that was cut off for a week comes back at once, while somebody orders an emergency."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.schema import ReceiptRow
from tests.attacks.measured import repeatedly
from tests.integration.delivery.commune import STATION, Commune, VirtualNode, now
from tests.integration.delivery.probe import Refused, eventually
from tests.rig.running.busy import stretched

pytestmark = pytest.mark.integration

NODES, BROADCASTS, BATCH = 20, 25, 40
FACTS = 5 * BROADCASTS
"""Of each node: five of each broadcast."""
ORDER_SECONDS = 3.0
TIMES_AS_LONG = 5
"""As an order takes in peace, where the machine is so busy with others that it takes longer anyway."""


@pytest.mark.limit(600)
def test_an_order_is_answered_while_twenty_nodes_say_what_a_week_was(
    commune: Commune, delivery: DeliveryService
) -> None:
    names = [f"node-{number}" for number in range(NODES)]
    for name in names:
        commune.add_node(name)
    sha256 = commune.clip()
    week = [commune.order(sha256, *names, in_seconds=3600 + number) for number in range(BROADCASTS)]
    peace = sorted(_seconds(lambda: commune.order(sha256, "ang-hin", in_seconds=60)) for _ in range(5))
    port = delivery.broker.access.port
    returned: list[VirtualNode] = []
    try:
        for name in names:
            eventually(lambda name=name: _returns(commune.virtual_node(name, port), returned), seconds=100)
        for node in returned:
            node.subscribe(topics.acks(STATION, node.name))
        with repeatedly(lambda: commune.order(sha256, "ang-hin", in_seconds=60), every_seconds=0.2) as waited:
            for node in returned:
                for payload in _stated(node.name, week):
                    node.client.publish(topics.receipts(STATION, node.name), payload, qos=1)
            eventually(lambda: all(_acked(node) == FACTS for node in returned), seconds=300)
    finally:
        for node in returned:
            node.__exit__()
    assert waited
    assert sorted(waited)[int(0.95 * len(waited))] <= max(stretched(ORDER_SECONDS), TIMES_AS_LONG * peace[2])
    with commune.database.reading() as s:
        assert s.scalar(select(func.count()).select_from(ReceiptRow)) == NODES * FACTS


def _seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _stated(node: str, week: list[str]) -> list[bytes]:
    facts = [
        Receipt(
            receipt=f"fact-{node}-{number}",
            broadcast=week[number % len(week)],
            state=DeliveryState.STORED,
            at=now(),
            sequence=number,
        )
        for number in range(FACTS)
    ]
    return [
        encode(Receipts(node=node, receipts=tuple(facts[start : start + BATCH]))) for start in range(0, FACTS, BATCH)
    ]


def _acked(node: VirtualNode) -> int:
    return len({one for each in node.payloads(topics.acks(STATION, node.name)) for one in decode(Acks, each).receipts})


def _is_let_in(node: VirtualNode) -> bool:
    """The broker has heard of it by now."""
    try:
        node.__enter__()
    except Refused:
        return False
    return True


def _returns(node: VirtualNode, returned: list[VirtualNode]) -> bool:
    """False as long as the broker was not told of it."""
    try:
        returned.append(node.__enter__())
    except Refused:
        return False
    return True
