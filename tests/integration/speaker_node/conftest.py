"""A broker, a station and nodes for each test."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from speaker_node.agent import Agent
from speaker_node.assembly import Substitutes
from speaker_node.link.connection import LinkTimes
from speaker_node.setup.settings import LocalSettings
from tests.integration.speaker_node.board import Board
from tests.rig import mosquitto
from tests.rig.station import TestStation

QUICK = LinkTimes(connect_seconds=5, shortest_pause_seconds=0.1, longest_pause_seconds=0.5)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[mosquitto.Mosquitto]:
    if not mosquitto.installed():
        pytest.skip("mosquitto is not installed")
    with mosquitto.running(tmp_path / "broker") as running:
        yield running


@pytest.fixture
def station(broker: mosquitto.Mosquitto) -> Iterator[TestStation]:
    with TestStation(broker.port) as running:
        yield running


def on_time(begun_at: datetime, planned_at: datetime) -> bool:
    """Never early, and at once as far as a machine goes that runs other tests meanwhile; milliseconds are measured
    where nothing else runs, in ``test_sound`` and by ``bench.punctuality``."""
    return -0.05 < (begun_at - planned_at).total_seconds() < 1.0


class RunningNode:
    """One agent in a thread of this process."""

    def __init__(self, settings: LocalSettings, substitutes: Substitutes) -> None:
        self.settings = settings
        self.agent = Agent(settings, substitutes=substitutes)
        self._thread = threading.Thread(target=self.agent.run, name=settings.bundle.node, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.agent.stop()
        self._thread.join(60)
        assert not self._thread.is_alive(), "the node did not stop"

    def played(self) -> list[Path]:
        """What the file player recorded."""
        return sorted((self.settings.data / "played").glob("*.wav"))


StartNode = Callable[..., RunningNode]


@pytest.fixture
def start_node(tmp_path: Path, station: TestStation) -> Iterator[StartNode]:
    """Starts nodes that play into files and trust this machine's clock; stops them at the end."""
    started: list[RunningNode] = []

    def start(node: str = "loa-1", *, substitutes: Substitutes | None = None, **more: object) -> RunningNode:
        port = more.pop("port", None)
        settings = LocalSettings(
            bundle=station.bundle(node, port=port),  # type: ignore[arg-type]
            data=tmp_path / node,
            memory=tmp_path,
            **{"sound": "file", "trust_clock": True, **more},  # type: ignore[arg-type]
        )
        running = RunningNode(settings, substitutes or Substitutes(times=QUICK))
        started.append(running)
        return running

    yield start
    for node in started:
        node.stop()


@pytest.fixture
def board(tmp_path: Path, station: TestStation) -> Iterator[Board]:
    made = Board(tmp_path, station)
    made.node.start()
    yield made
    made.node.kill()
    made.card.eject()
