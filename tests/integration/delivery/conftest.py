"""A small commune, a broker of each kind, and the delivery between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.service import DeliveryService
from broadcaster.station.database.engine import Database
from tests.integration.delivery.commune import Commune
from tests.integration.delivery.probe import eventually

KEEPS = pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
"""For what is about a broker that remembers over a restart: the embedded one forgets when it stops."""


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
def delivery(commune: Commune, broker: Broker) -> Iterator[DeliveryService]:
    with commune.delivery(broker) as delivery:
        eventually(lambda: delivery.connected)
        yield delivery
