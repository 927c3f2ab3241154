"""One order in every cell at the same moment: given → stored by the last node → first sample; bytes and processor.

``python -m bench.cells.orders [--cells 4] [--nodes 20] [--broker own|mosquitto|rabbitmq] [--postgresql] [--rounds 3]``:
each cell is its station in a process and its nodes (whole ones, ``loa simulate``) in another. 2,000 nodes of a province
are ``--cells 100 --nodes 20``, 10,000 ``--nodes 100``; memory bounds how many cells a machine carries (about 200 MB
each). The baseline is the lead that an order gives its nodes: no first sample is earlier.
"""

import argparse
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from bench import web as console
from bench.cells import processes
from bench.cells.brokers import BROKERS, Shared
from bench.rig import commune
from broadcaster.commands.cells.layout import Cell, Places
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts.freezing import STANDARD, BroadcastPlan, freeze
from broadcaster.station.broadcasts.leads import lead
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.nodes import nodes
from broadcaster.station.people import people
from broadcaster.station.rows import settings
from broadcaster.station.schema import Announcement, Broadcast, Delivery, ReceiptRow
from tests.browser.rig import tour
from tests.rig.clips import voice_clip
from tests.rig.postgres import Cluster
from web.app import create_app

PATIENCE_SECONDS = 300.0
PAGES = ("/static/shell/console.css", "/", "/nodes", "/log")
ROUNDS_OF_PAGES = 20
CLIP_SECONDS = 4.0


@dataclass
class Running:
    """A cell at work. database: as its station sees it."""

    cell: Cell
    database: Database
    processes: list[processes.Process]

    def online(self) -> int:
        with self.database.reading() as s:
            return sum(each.presence == "online" for each in nodes.board(s, now_at=commune.now()))


@dataclass(frozen=True)
class Ordered:
    """at: just before it is written; lead_seconds: what it gave its nodes."""

    broadcast: str
    at: datetime
    lead_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cells.orders")
    parser.add_argument("--cells", type=int, default=4)
    parser.add_argument("--nodes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--broker", choices=sorted(BROKERS), default="own")
    parser.add_argument("--postgresql", action="store_true", help="a server in a temporary folder, a database each")
    asked = parser.parse_args()
    names = [f"xa-{number}" for number in range(asked.cells)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loa-cells-")))
        url = stack.enter_context(Cluster()).create("administration") if asked.postgresql else ""
        shared = stack.enter_context(BROKERS[asked.broker](names))
        cells = [_begin(stack, _cell(folder, name, url, shared), asked.nodes) for name in names]
        _until(lambda: all(each.online() == asked.nodes for each in cells), "every node was online")
        print(f"{asked.cells} cells × {asked.nodes} nodes, broker {asked.broker}, {'PostgreSQL' if url else 'SQLite'}")
        _measure(cells, shared, asked.nodes, asked.rounds)
        _pages(cells[0])


def _cell(folder: Path, name: str, postgresql: str, shared: Shared) -> Cell:
    places = Places(folder / "etc", folder / "var")
    settled = ["speech.engines=[espeak]", *shared.settings(name)]
    return processes.add(places, name, postgresql=postgresql, settings=settled)


def _begin(stack: ExitStack, cell: Cell, count: int) -> Running:
    database = Database(cell.config().database_url)
    stack.callback(database.dispose)
    database.migrate()
    commune.settle(database, 0)
    with database.session() as s:
        settings.write(s, phrasebook.SHIPPED, True)  # no clips of ready texts are made meanwhile
    made = Running(cell, database, [])
    stack.callback(processes.end, made.processes)
    made.processes.append(processes.start(cell, "station"))
    made.processes.append(processes.start(cell, "simulate", "--nodes", str(count)))
    return made


def _measure(cells: Sequence[Running], shared: Shared, count: int, rounds: int) -> None:
    print(f"{'':10}{'lead s':>9}{'stored s':>10}{'first sample s':>16}{'p95':>7}{'last':>7}{'MB':>8}{'core s':>8}")
    for number in range(rounds):
        began, pids = _loopback_bytes(), _pids(cells, shared)
        before = processes.processor_seconds(pids)
        ordered = [_order(each, f"announcement-{number}") for each in cells]
        pairs = list(zip(cells, ordered, strict=True))
        _until(lambda made=pairs: all(_ended(*each) == count for each in made), "every node had played")
        if failed := {words for pair in pairs for words in _failures(*pair)}:
            print(f"not played: {', '.join(sorted(failed))}")
        stored = max(_stored_seconds(*each) for each in pairs)
        samples = sorted(each for pair in pairs for each in _sample_seconds(*pair))
        megabytes = (_loopback_bytes() - began) / 1_000_000
        spent = processes.processor_seconds(pids) - before
        given = statistics.median(each.lead_seconds for each in ordered)
        print(
            f"order {number + 1:<4}{given:9.2f}{stored:10.2f}{statistics.median(samples):16.2f}"
            f"{samples[int(len(samples) * 0.95)]:7.2f}{samples[-1]:7.2f}{megabytes:8.1f}{spent:8.1f}",
            flush=True,
        )


def _order(running: Running, announcement: str) -> Ordered:
    """A live order on all nodes with sound that nobody has."""
    sound = voice_clip(CLIP_SECONDS, seed=secrets.randbits(32)).data
    clips_dir, length_ms = running.cell.config().clips_dir, round(CLIP_SECONDS * 1000)
    commune.new_clip(running.database, clips_dir, announcement, sound, duration_ms=length_ms)
    with running.database.session() as s:
        current, at = s.get_one(Announcement, announcement), commune.now()
        chosen = nodes.listing(s)
        given = lead(s, chosen, current, now_at=at, timing=STANDARD)
        plan = BroadcastPlan(start_at=at + given, nodes=chosen, live=True)
        made = freeze(s, current, plan, by=None, now_at=at).id
    return Ordered(made, at, given.total_seconds())


def _ended(running: Running, ordered: Ordered) -> int:
    """Nodes that said how their play ended."""
    over = (DeliveryState.PLAYED, DeliveryState.INTERRUPTED, DeliveryState.FAILED, DeliveryState.MISSED)
    with running.database.reading() as s:
        chosen = select(func.count()).select_from(Delivery).where(Delivery.broadcast_id == ordered.broadcast)
        return s.scalar(chosen.where(Delivery.state.in_(over))) or 0


def _stored_seconds(running: Running, ordered: Ordered) -> float:
    """From the order until the database knew of the last node that it holds the clip."""
    with running.database.reading() as s:
        chosen = select(func.max(ReceiptRow.received_at)).where(ReceiptRow.broadcast_id == ordered.broadcast)
        last = s.scalar(chosen.where(ReceiptRow.state == DeliveryState.STORED))
    return (last - ordered.at).total_seconds() if last else float("nan")


def _failures(running: Running, ordered: Ordered) -> list[str]:
    """How plays ended that were not whole, and why."""
    with running.database.reading() as s:
        made = s.get_one(Broadcast, ordered.broadcast)
        return [f"{each.state} {each.reason}" for each in made.deliveries if each.state is not DeliveryState.PLAYED]


def _sample_seconds(running: Running, ordered: Ordered) -> list[float]:
    """Of each node, from the order to its first sample; a node that did not play has none."""
    with running.database.reading() as s:
        made = s.get_one(Broadcast, ordered.broadcast)
        return [(each.started_at - ordered.at).total_seconds() for each in made.deliveries if each.started_at]


def _pages(running: Running) -> None:
    """Of one commune's console, one request at a time, while every cell runs."""
    with running.database.session() as s:
        unit = nodes.listing(s)[0].unit_id
        roles = [(unit, "approver")]
        people.add_person(
            s, username="chutich", full_name="Chủ tịch", password=None, roles=roles, by=None, now_at=commune.now()
        )
    app = create_app(running.cell.config(), running.database)
    cookie = tour.signed_in(app, running.database, "chutich").get_cookie("loa_session")
    assert cookie
    with console.serving(app) as address:
        for page in PAGES:
            row = console.measure(address, page, f"loa_session={cookie.value}", ROUNDS_OF_PAGES)
            print(f"{page:32} median {row.median_ms:6.1f} ms  p95 {row.p95_ms:6.1f} ms  {row.size_bytes:8,} bytes")


def _pids(cells: Sequence[Running], shared: Shared) -> list[int]:
    """Stations with what they started, and a broker of all; the nodes would be elsewhere."""
    return [*(pid for each in cells for pid in processes.family(each.processes[0].pid)), *shared.pids]


def _loopback_bytes() -> int:
    """What passed inside this machine, of other programs too."""
    return int(Path("/sys/class/net/lo/statistics/tx_bytes").read_text())


def _until(fact: Callable[[], bool], what: str) -> None:
    began = time.monotonic()
    while not fact():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise TimeoutError(f"in {PATIENCE_SECONDS:.0f} s it did not come to be that {what}")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
