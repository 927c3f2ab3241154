"""Faults of the station's own machine: its clock, its files, copies of it of any age, and a second one beside it."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from broadcaster import config as configuration
from broadcaster.delivery.broker.access import STATION_USER
from broadcaster.errors import LoaError
from broadcaster.station.copies import second_copy
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import AgendaIssue
from tests.chaos.judging import console
from tests.chaos.judging.duty import SUPPLY_SECONDS
from tests.chaos.judging.evidence import remember
from tests.chaos.judging.judge import Violation
from tests.chaos.village.daemons import ROOT
from tests.chaos.village.village import Village
from tests.rig.mosquitto import free_port
from tests.rig.running.busy import stretched

Undo = Callable[[], None]
HOUR, YEAR = 3600.0, 365 * 86_400.0
STEPS = (7 * HOUR, -7 * HOUR, 26 * HOUR, 2 * YEAR)
"""By how much the station's clock is wrong: seconds."""
DAMAGES: tuple[Callable[[bytes], bytes], ...] = (
    lambda _content: b"",
    lambda content: content[: len(content) // 2],
    lambda content: bytes(len(content)),
    lambda _content: b"%PDF-1.4 a circular" * 20,
)
REBUILT = ("issuer.json", "web-secret", "broker/mosquitto.db", "broker/passwords", "broker/rights")
"""Of the station: made anew or set aside when it starts; those that are not there are left out."""
OF_A_NODE = ("agenda.jws", "clock.json", "clips/*")
FOUND_SECONDS = 180.0
"""A station that was turned back is obeyed again by then, whatever breaks meanwhile."""


class StationFaults:
    """Drawn by ``random``; what was found wrong while it happened goes to ``village.findings``."""

    def __init__(self, village: Village, dice: random.Random, forget: Callable[[], None]) -> None:
        """``forget``: the people learn that the station forgot what they did."""
        self._village = village
        self._random = dice
        self._forget = forget
        self._copies = 0
        self._snapshots: list[tuple[float, Path]] = []
        self._busy = False
        """With a copy of the station; one at a time."""

    def clock_ahead(self) -> Undo | None:
        """While it runs."""
        return self._shifted(restart=False)

    def boots_ahead(self) -> Undo | None:
        """It starts with the wrong time, and time comes over the network a little later."""
        return self._shifted(restart=True)

    def _shifted(self, *, restart: bool) -> Undo | None:
        clock, station = self._village.station_clock, self._village.station
        if clock is None or clock.shifted or not station.alive or station.frozen:
            return None
        step = self._random.choice(STEPS)
        if restart:
            station.kill()
        clock.set(step)
        number = self._village.diary.begin(
            "boots ahead" if restart else "station clock", "station", note=f"{step:+.0f} s"
        )
        if restart:
            station.start()

        def undo() -> None:
            clock.set(0.0)
            self._village.diary.end(number)

        return undo

    def damaged(self) -> Undo | None:
        """One file of the station is not what it was when it starts again."""
        station, folder = self._village.station, self._village.config.data_dir
        there = [folder / name for name in REBUILT if (folder / name).is_file()]
        if not station.alive or station.frozen or not there:
            return None
        station.kill()
        self._village.broker.kill()
        return self._damage(there, "station", station.start)

    def node_damaged(self) -> Undo | None:
        virtual_node = self._random.choice(self._village.standing)
        daemon = virtual_node.daemon
        there = sorted(path for name in OF_A_NODE for path in virtual_node.data.glob(name) if path.is_file())
        if not daemon.alive or daemon.frozen or not there:
            return None
        daemon.kill()
        number = self._village.diary.begin("damage", virtual_node.id)
        start = self._damage(there, virtual_node.id, daemon.start)

        def undo() -> None:
            start()
            supplied = threading.Timer(stretched(SUPPLY_SECONDS), self._village.diary.end, (number,))
            supplied.daemon = True
            supplied.start()

        return undo

    def _damage(self, files: list[Path], whom: str, start: Undo) -> Undo:
        file = self._random.choice(files)
        damage = self._random.choice(DAMAGES)
        self._village.diary.moment("file damaged", whom, fault=False, note=file.name)
        with suppress(OSError):  # a card that is full
            file.write_bytes(damage(file.read_bytes()))
        return start

    def photograph(self) -> None:
        """A copy of the station's database, which it may be turned back to."""
        made = self._village.folder / f"photograph-{len(self._snapshots)}.db"
        self._snapshots.append((time.time(), made))
        _copy(self._village.config.data_dir / "loa.db", made)

    def turned_back(self) -> Undo | None:
        """The station's machine is restored from a copy of some age, once or again."""
        station, web = self._village.station, self._village.web
        if self._busy or not self._snapshots or not (station.alive and web.alive) or station.frozen or web.frozen:
            return None
        self._busy = True
        taken, photograph = self._random.choice(self._snapshots)
        station.kill()
        web.kill()
        with self._village.still:
            remember(self._village)
            self._replace(photograph)
        number = self._village.diary.begin("turned back", "station", note=photograph.name, from_seconds=taken)

        def undo() -> None:
            self._village.forgotten()
            self._forget()
            station.start()
            web.start()
            threading.Thread(target=self._until_obeyed, args=(number,), daemon=True).start()

        return undo

    def _replace(self, photograph: Path) -> None:
        database = self._village.config.data_dir / "loa.db"
        self._village.database.dispose()
        beside = database.with_name("restored")
        shutil.copy(photograph, beside)
        for each in database.parent.glob("loa.db?*"):
            each.unlink()
        beside.replace(database)

    def _until_obeyed(self, number: int) -> None:
        until = time.monotonic() + FOUND_SECONDS
        while time.monotonic() < until and not obeyed(self._village):
            time.sleep(0.5)
        self._village.diary.end(number)
        self._busy = False

    def second_station(self) -> Undo | None:
        """A copy of the station's machine is switched on beside it, with the same key."""
        station = self._village.station
        if self._busy or not station.alive or station.frozen:
            return None
        self._busy = True
        self._copies += 1
        copy = SecondStation(self._village, self._village.folder / f"copy-{self._copies}")
        number = self._village.diary.begin("second station", "station")

        def undo() -> None:
            self._village.findings.extend(copy.flatters())
            copy.end()
            self._village.diary.end(number)
            self._busy = False

        return undo


class SecondStation:
    """A process with a copied folder at the first one's broker."""

    def __init__(self, village: Village, folder: Path) -> None:
        source = village.config.data_dir
        folder.mkdir()
        _copy(source / "loa.db", folder / "loa.db")
        for path in source.iterdir():
            if path.is_dir() and path.name not in ("broker", "log"):
                shutil.copytree(path, folder / path.name)
            elif path.is_file() and not path.name.startswith(("loa.db", "lock", "in-use")):
                shutil.copy2(path, folder / path.name)
        own = {
            "LOA_DATA_DIR": str(folder),
            "LOA_ENROLMENT__PORT": str(free_port()),
            "LOA_BROKER__KIND": "external",
            "LOA_BROKER__USERNAME": json.dumps(STATION_USER),
            "LOA_BROKER__PASSWORD": json.dumps((source / "broker" / "station-password").read_text().strip()),
        }
        environ = village.environ | own
        self._village = village
        self._database = Database(configuration.load(None, environ).database_url)
        with (folder / "station.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "loa", "station"], env=environ, cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0,
            )  # fmt: skip

    def flatters(self) -> list[Violation]:
        """Nodes that the copy, once it knows of the other, calls online although they obey that one."""
        try:
            with self._database.reading() as s:
                if second_copy.noticed(s) is None:
                    return []
                board = nodes.board(s, now_at=datetime.now(UTC))
        except (LoaError, SQLAlchemyError):
            return []
        others = _issuers(self._village.database) - _issuers(self._database)
        return [
            Violation("console", view.node.id, "", f"a second station calls it online: {view.state}")
            for view in board
            if view.presence == "online" and view.state is not None and view.state.agenda_issuer in others
        ]

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        self._database.dispose()


def obeyed(village: Village) -> bool:
    """Whether every node in service that runs obeys what this station signed last."""
    running = {each.id for each in village.standing if each.daemon.alive and not each.daemon.frozen}
    try:
        board = console.board(village)
        with village.database.reading() as s:
            numbers = dict(s.execute(select(AgendaIssue.node_id, AgendaIssue.number)).all())
    except (LoaError, SQLAlchemyError):
        return False
    views = [view for view in board if view.node.id in running]
    return bool(views) and all(
        view.presence == "online" and view.state is not None and view.state.agenda_number == numbers.get(view.node.id)
        for view in views
    )


def _issuers(database: Database) -> set[str]:
    """Names under which agendas of this database were signed."""
    with database.reading() as s:
        return set(s.scalars(select(AgendaIssue.issuer)))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as present, closing(sqlite3.connect(target)) as made:
        present.backup(made)
    target.chmod(0o600)
