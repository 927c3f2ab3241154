"""Two stations of a province on one PostgreSQL, delivering through one broker at the same time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.service import DeliveryService
from broadcaster.protocol.codec import decode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.database.engine import Database
from tests.integration.delivery.commune import STATION, Commune, now
from tests.integration.delivery.probe import eventually
from tests.rig import postgres

pytestmark = pytest.mark.integration


@pytest.fixture
def communes(tmp_path: Path, cluster: postgres.Cluster) -> Iterator[tuple[Commune, Commune]]:
    """The same commune through two connections to its database, as two processes have them."""
    url = cluster.create()
    databases = Database(url), Database(url)
    databases[0].migrate()
    pair = Commune(databases[0], tmp_path), Commune(databases[1], tmp_path)
    pair[0].settle_in("lung-pang", "ang-hin", "na-ca")
    yield pair
    for database in databases:
        database.dispose()


def test_two_stations_issue_each_number_once_and_store_each_receipt_once(communes: tuple[Commune, Commune]) -> None:
    first, second = communes
    broker = first.broker("embedded", free_port("127.0.0.1"))
    with first.delivery(broker):
        other = DeliveryService(second.database, second.identity, broker.access, second.clips_dir, now)
        other.start()
        try:
            with first.virtual_node("lung-pang", broker.access.port) as virtual_node:
                virtual_node.follow()
                virtual_node.subscribe(topics.acks(STATION, "lung-pang"))
                ordered = [first.order(first.clip(), "lung-pang", "ang-hin", in_seconds=3600) for _ in range(8)]
                eventually(lambda: set(virtual_node.items()) == set(ordered), seconds=15)
                for number, broadcast in enumerate(ordered):
                    virtual_node.state(
                        Receipt(
                            receipt=f"receipt-{number:04}",
                            broadcast=broadcast,
                            state=DeliveryState.PLAYED,
                            at=now(),
                            sequence=number,
                        )
                    )
                eventually(
                    lambda: len(_acked(virtual_node.payloads(topics.acks(STATION, "lung-pang")))) == 8, seconds=15
                )
                tokens = set(virtual_node.payloads(topics.agenda(STATION, "lung-pang")))
                assert len({agenda.number for agenda in virtual_node.agendas()}) == len(tokens)
            assert {second.state_of(each, "lung-pang") for each in ordered} == {DeliveryState.PLAYED}
        finally:
            other.stop()


def _acked(payloads: list[bytes]) -> set[str]:
    return {receipt for payload in payloads for receipt in decode(Acks, payload).receipts}
