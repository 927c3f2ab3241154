"""Every broker that is ours keeps the same contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.delivery.broker.mosquitto import executable
from broadcaster.delivery.broker.port import Broker
from broadcaster.delivery.broker.sockets import free_port
from tests.integration.delivery.broker.brokers import CREDENTIALS, make


@pytest.fixture(params=["mosquitto", "embedded"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    if request.param == "mosquitto" and executable() is None:
        pytest.skip("Mosquitto is not installed")
    broker = make(request.param, tmp_path / "broker", free_port("127.0.0.1"))
    broker.apply(CREDENTIALS)
    broker.start()
    yield broker
    broker.stop()
