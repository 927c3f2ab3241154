"""Two real station processes on one PostgreSQL, one of them killed at any moment: nothing doubled, nothing lost, no
deadlock, one key."""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import func, select, text

from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.signing import Audience, open_agenda
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import processes
from broadcaster.station.schema import Broadcast, NodeState, ReceiptRow
from broadcaster.station.upkeep import cell_folder
from broadcaster.station.vocabulary.states import BroadcastState
from tests.integration.chaos.needs import NEEDS_MOSQUITTO
from tests.integration.delivery.commune import STATION, Commune, now, receipt
from tests.integration.delivery.probe import Probe, eventually
from tests.rig import mosquitto, postgres

pytestmark = [pytest.mark.integration, pytest.mark.long, NEEDS_MOSQUITTO]

ROOT = Path(__file__).parents[3]
NAMES = [f"cum-{number}" for number in range(12)]
STATES = (DeliveryState.STORED, DeliveryState.PLAYING, DeliveryState.PLAYED)


@dataclass
class Cell:
    """The commune, its broker, and the processes that serve it."""

    commune: Commune
    url: str
    port: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def process(self, folder: Path | None = None) -> subprocess.Popen[bytes]:
        environ = os.environ | {
            "LOA_DATA_DIR": str(folder or self.commune.folder),
            "LOA_DATABASE__URL": self.url,
            "LOA_STATION__ID": STATION,
            "LOA_BROKER__KIND": "external",
            "LOA_BROKER__PORT": str(self.port),
            "LOA_ENROLMENT__PORT": "0",
        }
        with (self.commune.folder / "stations.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "loa", "station"], env=environ, cwd=ROOT, stdout=log, stderr=log
            )

    def start(self) -> None:
        """One more, until it has its share."""
        self.running.append(self.process())
        eventually(lambda: self.running[-1].pid in self.hearing())

    def kill(self) -> None:
        """The one that runs longest, wherever it is."""
        doomed = self.running.pop(0)
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()

    def hearing(self) -> set[int]:
        with self.commune.database.reading() as s:
            return {each.detail["pid"] for each in processes.read(s) if each.detail["hears"]}


class Village(Probe):
    """All the nodes in one connection: they check what they are told, and state all they must until it is known.

    numbers: by node and number the agendas that came, one key's all of them. ordered: the broadcasts there are.
    """

    def __init__(self, port: int, commune: Commune) -> None:
        super().__init__(port)
        self.owed: dict[str, dict[str, Receipt]] = defaultdict(dict)
        self.numbers: dict[tuple[str, int], set[bytes]] = defaultdict(set)
        self.ordered: list[str] = []
        self._announced_to: set[tuple[str, str]] = set()
        self._key = commune.identity.public_key
        self._read = 0
        self._sequence = 0

    def __enter__(self) -> Self:
        super().__enter__()
        for leaf in ("agenda", "acks"):
            self.subscribe(f"{topics.ROOT}/{STATION}/nodes/+/{leaf}")
        return self

    def read(self) -> None:
        """Take in what came since the last time."""
        new = self.heard[self._read :]
        self._read += len(new)
        for message in new:
            where = topics.parse(message.topic)
            assert isinstance(where, topics.NodeTopic)
            if where.leaf == "acks":
                for acknowledged in decode(Acks, bytes(message.payload)).receipts:
                    self.owed[where.node].pop(acknowledged, None)
            elif message.payload:
                agenda = open_agenda(bytes(message.payload), Audience(STATION, where.node, self._key))
                self.numbers[where.node, agenda.number].add(bytes(message.payload))
                self._announced_to |= {(where.node, item.broadcast) for item in agenda.items}

    def has_heard_the_last(self) -> bool:
        """Whether every node was told of the last order."""
        self.read()
        return all((name, self.ordered[-1]) in self._announced_to for name in NAMES)

    def state(self, broadcast: str) -> None:
        """Every node tells its whole story of a broadcast."""
        for name in NAMES:
            for state in STATES:
                self._sequence += 1
                said = receipt(broadcast, state, self._sequence, played_ms=5_000)
                self.owed[name][said.receipt] = said
        self.state_again()

    def state_again(self) -> None:
        for name in NAMES:
            if owed := tuple(self.owed[name].values()):
                self.publish(topics.receipts(STATION, name), encode(Receipts(node=name, receipts=owed)))
            status = NodeStatus(node=name, connection=1, online=True, at=now())
            self.publish(topics.status(STATION, name), encode(status), retain=True)

    def is_settled(self) -> bool:
        """Whether all that was stated is acknowledged; what is not is stated again after a while, as nodes do."""
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            self.read()
            if not any(self.owed.values()):
                return True
            time.sleep(0.02)
        self.state_again()
        return False


@pytest.fixture
def cell(tmp_path: Path, cluster: postgres.Cluster) -> Iterator[Cell]:
    url = cluster.create()
    database = Database(url)
    database.migrate()
    commune = Commune(database, tmp_path)
    cell_folder.settle(database, commune.identity)
    commune.settle_in(*NAMES)
    with mosquitto.running(tmp_path / "broker") as broker:
        made = Cell(commune, url, broker.port)
        try:
            yield made
        finally:
            for each in made.running:
                each.kill()
                each.wait()
    database.dispose()
    cluster.drop(url)


def test_two_processes_of_which_one_is_killed_double_and_lose_nothing(cell: Cell, tmp_path: Path) -> None:
    cell.start()
    cell.start()
    commune = cell.commune
    with Village(cell.port, commune) as village:
        for killed_before_the_nodes_hear in (True, False):
            for kills in (True, False):
                village.ordered.append(commune.order(commune.clip(), *NAMES, in_seconds=0.2))
                if kills and killed_before_the_nodes_hear:
                    cell.kill()
                eventually(village.has_heard_the_last)
                village.state(village.ordered[-1])
                if kills and not killed_before_the_nodes_hear:
                    cell.kill()
            eventually(village.is_settled)
            cell.start()
    assert {key: len(tokens) for key, tokens in village.numbers.items() if len(tokens) != 1} == {}
    check_facts(commune.database, village.ordered)

    stranger = cell.process(tmp_path / "own-folder")
    assert stranger.wait(60) == 1
    assert "loa station accept-key" in (tmp_path / "stations.log").read_text()


def check_facts(database: Database, ordered: list[str]) -> None:
    with database.reading() as s:
        stored = s.scalar(select(func.count()).select_from(ReceiptRow))
        states = dict(s.execute(select(Broadcast.id, Broadcast.state).where(Broadcast.id.in_(ordered))).all())
        online = s.scalar(select(func.count()).select_from(NodeState).where(NodeState.online))
        found = s.scalar(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
    assert stored == len(ordered) * len(NAMES) * len(STATES)
    assert states == dict.fromkeys(ordered, BroadcastState.COMPLETED)
    assert online == len(NAMES)
    assert found == 0
