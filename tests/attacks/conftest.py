"""A small commune whose delivery runs at a broker of each kind, to be attacked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.service import DeliveryService
from broadcaster.station.database.engine import Database
from tests.integration.delivery.commune import Commune
from tests.integration.delivery.probe import eventually


@pytest.fixture
def commune(tmp_path: Path) -> Iterator[Commune]:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    database.migrate()
    commune = Commune(database, tmp_path)
    commune.settle_in("lung-pang", "ang-hin")
    yield commune
    database.dispose()


@pytest.fixture(params=["mosquitto", "embedded"])
def delivery(request: pytest.FixtureRequest, commune: Commune) -> Iterator[DeliveryService]:
    if request.param == "mosquitto" and executable() is None:
        pytest.skip("Mosquitto is not installed")
    with commune.delivery(commune.broker(request.param, free_port("127.0.0.1"))) as delivery:
        eventually(lambda: delivery.connected, seconds=30)
        yield delivery
