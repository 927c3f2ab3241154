"""``loa simulate --nodes N``: many nodes in one process against a station that runs, for load and demonstrations.

Each is a whole node with its own ledger, clips, link and credential; what it remembers is kept in memory and gone when
it ends, and its sound only takes time.
"""

import argparse
import logging
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count as count_from
from itertools import islice
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy.orm import Session

from broadcaster import config as configuration
from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import account, address
from broadcaster.delivery.broker.sockets import reachable
from broadcaster.delivery.enrolment import handover
from broadcaster.errors import Invalid, LoaError
from broadcaster.private_files import write_private
from broadcaster.protocol import codec
from broadcaster.refusals.sentences import terminal_line
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Node
from broadcaster.station.units import units
from broadcaster.station.upkeep.opening import open_database
from loa.simulation.simulation import Simulation, allow_files
from speaker_node.setup.settings import read_bundle

PREFIX = "sim-"
MOST = 10_000
ENROLLED_AT_ONCE = 100
"""Nodes taken into service in one transaction: people write in between."""
REPORT_SECONDS = 1.0


def main(argv: Sequence[str]) -> int:
    """Run until SIGTERM or Ctrl-C; the nodes stay known for the next time unless ``--forget`` takes them out."""
    parser = argparse.ArgumentParser(prog="loa simulate", description="Nhiều cụm loa ảo trong một tiến trình.")
    parser.add_argument("--nodes", type=int, default=20, help="bao nhiêu cụm loa (mặc định 20, nhiều nhất 10000)")
    parser.add_argument("--unit", default="", help="mã đơn vị đặt các cụm loa; mặc định là xã đầu tiên")
    parser.add_argument("--forget", action="store_true", help="thu hồi mọi cụm loa ảo rồi kết thúc")
    parser.add_argument("--config", type=Path)
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        config = configuration.load(arguments.config)
        with ExitStack() as parts:
            database = open_database(config)
            parts.callback(database.dispose)
            if arguments.forget:
                print(f"Đã thu hồi {_forget(database)} cụm loa ảo.")
                return 0
            allow_files(arguments.nodes)
            bundles = _enrol(config, database, count=arguments.nodes, unit_id=arguments.unit)
            _run(bundles)
    except LoaError as error:
        print(terminal_line(error), file=sys.stderr)
        return 2 if error.field else 1
    return 0


def _enrol(config: Config, database: Database, *, count: int, unit_id: str) -> list[Path]:
    """Bundles of ``count`` simulated nodes, taken into service where they are not yet."""
    if not 1 <= count <= MOST:
        raise Invalid("simulation.count_out_of_range", field="nodes", most=MOST)
    folder = config.data_dir.absolute() / "simulated"
    found = address(config)
    broker = replace(found, host=reachable(account(config).host))
    with database.session() as s:
        unit = unit_id or _first_commune(s)
        chosen = list(islice(_usable_names(s), count))
    paths = [folder / name / "bundle.json" for name in chosen]
    for start in range(0, count, ENROLLED_AT_ONCE):
        with database.session() as s:
            for path in paths[start : start + ENROLLED_AT_ONCE]:
                name = path.parent.name
                if path.exists() and s.get(Node, name) is not None:
                    continue
                node, password = _credential(s, name, unit_id=unit)
                bundle = replace(handover.bundle(s, config, node=node, password=password), broker=broker)
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                write_private(path, codec.encode(bundle).decode())
    return paths


def _usable_names(s: Session) -> Iterator[str]:
    """Names of simulated nodes in order, but for those taken out of service: a revoked identity never comes back."""
    for number in count_from(1):
        name = f"{PREFIX}{number:04d}"
        known = s.get(Node, name)
        if known is None or known.revoked_at is None:
            yield name


def _credential(s: Session, name: str, *, unit_id: str) -> tuple[Node, str]:
    """A new node, or a fresh password for one whose bundle is gone."""
    known = s.get(Node, name)
    if known is not None:
        return known, nodes.new_password(s, node=known, by=None, now_at=datetime.now(UTC))
    return nodes.add_node(
        s, name=f"Cụm loa ảo {name}", unit_id=unit_id, by=None, now_at=datetime.now(UTC), node_id=name
    )


def _first_commune(s: Session) -> str:
    for unit in units.tree(s):
        if unit.kind == "commune":
            return unit.id
    raise Invalid("simulation.no_commune", field="unit")


def _forget(database: Database) -> int:
    with database.session() as s:
        simulated = [node for node in nodes.listing(s) if node.id.startswith(PREFIX)]
        for node in simulated:
            nodes.revoke_node(s, node=node, by=None, now_at=datetime.now(UTC))
        return len(simulated)


def _run(bundles: Sequence[Path]) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with tempfile.TemporaryDirectory(prefix="loa-simulate-", dir=_memory()) as folder:
        simulation = Simulation(Path(folder))
        simulation.start()
        try:
            for path in bundles:
                simulation.add(read_bundle(path))
            print(f"{len(bundles)} cụm loa ảo đang chạy. Nhấn Ctrl-C để dừng.", flush=True)
            _tell(simulation, len(bundles), stop)
        finally:
            simulation.stop()


def _tell(simulation: Simulation, count: int, stop: threading.Event) -> None:
    """Say how many are connected, whenever that has changed."""
    said = -1
    while not stop.wait(REPORT_SECONDS):
        connected = simulation.connected
        if connected != said:
            print(f"Đã kết nối {connected}/{count} cụm loa ảo.", flush=True)
            said = connected


def _memory() -> Path | None:
    """A folder in memory where the system has one: clips of thousands of nodes would keep a disk busy for minutes."""
    memory = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
    return memory if memory.is_dir() else None
