"""The enrolment server under load: it hands out what it has, and costs the station one thread."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.config import BrokerSettings, Config, EnrolmentSettings
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.delivery.enrolment import offers
from broadcaster.delivery.enrolment import server as enrolment
from broadcaster.delivery.enrolment.server import EnrolmentServer
from broadcaster.protocol.enrolment import BrokerAddress, NodeBundle
from speaker_node.command import main
from tests.attacks.strangers.connections import many_connections
from tests.integration.delivery.probe import eventually

pytestmark = pytest.mark.integration

BUNDLE = NodeBundle(
    station="loa",
    node="lung-pang",
    name="Lủng Pảng",
    station_key="0" * 64,
    username="lung-pang",
    password="mat-khau-rat-bi-mat",
    broker=BrokerAddress(host="127.0.0.1", port=1883),
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    broker = BrokerSettings(kind="external", host="127.0.0.1", port=1883)
    return Config(data_dir=tmp_path / "data", broker=broker, enrolment=EnrolmentSettings(port=free_port("127.0.0.1")))


@pytest.fixture
def server(config: Config) -> Iterator[EnrolmentServer]:
    opened = EnrolmentServer(config, lambda: datetime.now(UTC))
    opened.start()
    yield opened
    opened.stop()


@pytest.mark.limit(300)
def test_a_node_gets_its_bundle_past_a_crowd_of_strangers(
    config: Config, server: EnrolmentServer, tmp_path: Path
) -> None:
    code = offers.offer(config, BUNDLE, now_at=datetime.now(UTC))
    threads = threading.active_count()
    with many_connections(config.enrolment.port, idle=400, slow=200):
        assert main(["enrol", str(code), "--output", str(tmp_path / "bundle.json")]) == 0
        assert threading.active_count() <= threads + 1  # the one that drips
        assert server.crowded


def test_who_says_nothing_is_sent_away_in_time(
    config: Config, server: EnrolmentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "PATIENCE_SECONDS", 0.5)
    with many_connections(config.enrolment.port, idle=5, slow=5):
        eventually(lambda: server._room is not None and not server._room.admission._waiting, seconds=20)
