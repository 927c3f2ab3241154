"""The machine is lost with all that was on it; a stick and a sheet of paper bring the same station and nodes back."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster import config as configuration
from broadcaster.backups import recovery_key
from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import address
from broadcaster.delivery.broker.sockets import free_port
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.units import units
from broadcaster.station.upkeep.opening import open_database
from tests.integration.delivery.probe import eventually
from tests.rig import processes
from tests.rig.node_process import NodeProcess

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.limit(600)]
ROOT = Path(__file__).parents[3]
NODE = "lung-pang"


@dataclass
class Machine:
    """One machine with the station's program: its folder, and the settings that are its own."""

    folder: Path
    settings: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.settings, "LOA_DATA_DIR": str(self.folder), "PYTHONPATH": str(ROOT)}

    @property
    def config(self) -> Config:
        return configuration.load(None, self.environment)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "loa", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder.parent, capture_output=True, text=True, timeout=300
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """A station that is killed in the end, as a machine that burns."""
        command = [sys.executable, "-m", "loa", "station"]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            process = subprocess.Popen(command, env=self.environment, cwd=self.folder.parent, stdout=log, stderr=log)
        try:
            yield
        finally:
            processes.kill(*processes.descendants(process.pid), process.pid)  # its broker burns too
            process.wait(60)

    def stated(self) -> tuple[int, int] | None:
        """Number of the agenda the node says it obeys, and of the one it was issued; None while it is not here."""
        asked = (
            "SELECT agenda_number, number FROM node_states JOIN agenda_issues USING (node_id)"
            f" WHERE online AND node_id = '{NODE}'"
        )
        time.sleep(0.3)  # the machine has more to do than to answer
        with closing(sqlite3.connect(f"file:{self.folder}/loa.db?mode=ro", uri=True)) as database:
            found: tuple[int, int] | None = database.execute(asked).fetchone()
            return found

    def is_obeyed(self, *, above: int = 0) -> bool:
        found = self.stated()
        return found is not None and found[0] == found[1] and found[0] > above


def test_nodes_come_back_without_enrolment(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    settings = {
        "LOA_BROKER__PORT": str(free_port("127.0.0.1")),
        "LOA_ENROLMENT__PORT": "0",
        "LOA_BACKUP__PLACES": f"[{stick}]",
    }
    settings["LOA_WEB__PORT"] = str(free_port("127.0.0.1"))
    first, second = (Machine(tmp_path / name, settings) for name in ("first", "second"))
    node, secret = _settle(first, tmp_path)
    node.start()
    try:
        with first.running():
            eventually(first.is_obeyed, seconds=60)
            eventually(lambda: any(stick.glob("loa-*.loa")), seconds=60)
            seen = first.stated()
        (tmp_path / "key").write_text(secret)
        restored = second.run("restore", str(stick), "--key", str(tmp_path / "key"))
        assert restored.returncode == 0, restored.stderr
        with second.running():
            # A node that tried in vain for some time tries again within 90 seconds, and once more where that was early.
            eventually(lambda: second.is_obeyed(above=seen[0] if seen else 0), seconds=240)
    finally:
        node.kill()


def _settle(machine: Machine, folder: Path) -> tuple[NodeProcess, str]:
    """A commune with one node that was enrolled, and a recovery key on paper."""
    config, now_at = machine.config, datetime.now(UTC)
    database = open_database(config)
    database.migrate()
    with database.session() as s:
        commune = units.add_unit(s, name="Côn Minh", kind="commune", now_at=now_at)
        hamlet = units.add_unit(s, name="Lủng Pảng", kind="hamlet", parent_id=commune.id, now_at=now_at)
        node, password = nodes.add_node(s, name="Lủng Pảng", unit_id=hamlet.id, by=None, now_at=now_at, node_id=NODE)
        identity = StationIdentity.load_or_create(config.data_dir, config.station.id)
        bundle = nodes.bundle(s, node=node, password=password, identity=identity, broker=address(config))
    database.dispose()
    printed = recovery_key.new(config.data_dir)
    recovery_key.confirm(config.data_dir, printed.key.code)
    return NodeProcess(folder / "node", bundle, "--sound", "file"), printed.secret
