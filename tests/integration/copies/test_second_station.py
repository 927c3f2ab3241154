"""Two machines with one identity, and copies of any age: real stations and a real node; nothing sounds twice and no
console flatters."""

import os
import shutil
import signal
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
from sqlalchemy import select

from broadcaster import config as configuration
from broadcaster.station.copies import second_copy
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import AgendaIssue
from tests.chaos.judging.evidence import gather
from tests.chaos.people.commune import Commune
from tests.chaos.run import stocked
from tests.chaos.village.daemons import ROOT
from tests.chaos.village.village import Village, until, village
from tests.integration.chaos.needs import NEEDS_MOSQUITTO
from tests.rig.mosquitto import Mosquitto, free_port

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.limit(480), NEEDS_MOSQUITTO]
NOTICED_SECONDS = 120.0
TAKEN_SECONDS = 120.0
"""Half of it on an idle machine is much."""


@dataclass
class Copy:
    """A second station: environ of its processes; database: its own."""

    environ: dict[str, str]
    database: Database

    def loa(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "loa", *arguments], env=self.environ, cwd=ROOT, capture_output=True, text=True
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        with Path(self.environ["LOA_DATA_DIR"]).joinpath("station.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "loa", "station"], env=self.environ, cwd=ROOT, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def copied(here: Village, folder: Path) -> Copy:
    """The data folder as it is now, for a station at the first one's broker."""
    source = here.config.data_dir
    folder.mkdir()
    with closing(sqlite3.connect(source / "loa.db")) as present, closing(sqlite3.connect(folder / "loa.db")) as made:
        present.backup(made)
    for path in source.iterdir():
        if path.is_dir() and path.name != "broker":
            shutil.copytree(path, folder / path.name)
        elif path.is_file() and not path.name.startswith("loa.db"):
            shutil.copy2(path, folder / path.name)
    environ = here.environ | {"LOA_DATA_DIR": str(folder), "LOA_ENROLMENT__PORT": str(free_port())}
    return Copy(environ, Database(configuration.load(None, environ).database_url))


def board(database: Database) -> NodeView:
    with database.reading() as s:
        (view,) = nodes.board(s, now_at=datetime.now(UTC))
    return view


def shouts(database: Database) -> bool:
    with database.reading() as s:
        publisher = heartbeats.read(s).get("publisher")
        said = publisher is not None and second_copy.HINDRANCE in publisher.detail["hindrances"]
        return said and second_copy.reason(s) is not None


def obeyed(database: Database) -> bool:
    view = board(database)
    with database.reading() as s:
        number = s.get_one(AgendaIssue, view.node.id).number
    return view.presence == "online" and view.state is not None and view.state.agenda_number == number


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Village, Commune]]:
    broker = Mosquitto(tmp_path / "broker", config="allow_anonymous true\nmessage_size_limit 400000\n")
    broker.start()
    settings = {"LOA_BROKER__KIND": "external", "LOA_BROKER__PORT": str(broker.port)}
    try:
        with village(tmp_path / "first", seed=1, virtual_nodes=1, card=False, more=settings) as made:
            commune = Commune(made, 1)
            commune.stock_up()
            until(lambda: stocked(made), seconds=60, what="the node to hold its clips")
            yield made, commune
    finally:
        broker.stop()


def plays(here: Village, broadcast: str) -> int:
    return sum(heard.broadcast == broadcast and heard.whole for heard in gather(here).heard)


def move_on(here: Village, commune: Commune) -> str:
    """The first station orders something, which sounds, so that the node holds higher numbers than a copy knows."""
    order = commune.air("priority", 2.0)
    until(lambda: plays(here, order), seconds=40, what="the broadcast to sound")
    until(lambda: obeyed(here.database), seconds=20, what="the node to say so")
    return order


def test_a_copied_folder_beside_the_living_station_is_noticed_by_both_and_one_is_obeyed(
    here: tuple[Village, Commune], tmp_path: Path
) -> None:
    first, commune = here
    copy = copied(first, tmp_path / "second")
    sounded = move_on(first, commune)
    with copy.running():
        until(lambda: shouts(copy.database), seconds=NOTICED_SECONDS, what="the copy to notice")
        until(lambda: shouts(first.database), seconds=NOTICED_SECONDS, what="the first to notice")
        assert obeyed(first.database)
        assert board(copy.database).presence == "elsewhere"
        still = move_on(first, commune)
        assert copy.loa("station", "take-over").returncode == 0
        until(lambda: obeyed(copy.database), seconds=TAKEN_SECONDS, what="the node to obey the copy")
        until(lambda: board(first.database).presence == "elsewhere", seconds=20, what="the first to admit it")
        with first.database.reading() as s:
            reason = second_copy.reason(s)
        assert reason is not None
        assert reason.code == "station.taken_over_elsewhere"
        assert (plays(first, sounded), plays(first, still)) == (1, 1)


def exceeds(copy: Copy, first: Village) -> bool:
    """The copied rows, too, say that the node obeys."""
    numbers = []
    for database in (copy.database, first.database):
        with database.reading() as s:
            numbers.append(s.scalars(select(AgendaIssue.number)).one())
    return numbers[0] > numbers[1] and obeyed(copy.database)


def test_a_copy_that_stands_alone_finds_its_node_by_itself_and_again_from_the_same_age(
    here: tuple[Village, Commune], tmp_path: Path
) -> None:
    first, commune = here
    old, same = copied(first, tmp_path / "old"), copied(first, tmp_path / "same")
    sounded = move_on(first, commune)
    os.kill(first.station.pid, signal.SIGSTOP)
    try:
        for copy in (old, same):
            with copy.running():
                until(lambda copy=copy: exceeds(copy, first), seconds=TAKEN_SECONDS, what="the node to obey the copy")
                time.sleep(3)  # three looks of the watch: whoever would shout has done so
                assert obeyed(copy.database)
                assert not shouts(copy.database)
        assert plays(first, sounded) == 1
    finally:
        os.kill(first.station.pid, signal.SIGCONT)
