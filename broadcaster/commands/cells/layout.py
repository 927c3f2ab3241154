"""Where the cells of one machine lie, and which ports are theirs.

``ETC/NAME/config.yaml`` and ``ETC/NAME/program`` (a link to the program's environment) beside ``VAR/NAME`` with all the
data: key, certificates, clips, backups in the making, and the database where it is a file.
"""

import os
import pwd
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from broadcaster import config as configuration
from broadcaster.config import Config
from broadcaster.errors import Conflict, NotFound
from broadcaster.private_files import write_private

ETC, VAR = Path("/etc/loa/cells"), Path("/var/lib/loa-cells")
ACCOUNT = "loa"
FIRST_WEB, FIRST_BROKER = 8100, 19000
"""The console's port rises by one from cell to cell, the broker's by two: enrolment has the one after it."""
MOST = 900


@dataclass(frozen=True, slots=True)
class Places:
    """etc, var: the folders of all cells."""

    etc: Path = ETC
    var: Path = VAR


@dataclass(frozen=True, slots=True)
class Cell:
    """One station of this machine. name: also its id in topics, its folders' and its units' name."""

    name: str
    places: Places

    @property
    def file(self) -> Path:
        return self.places.etc / self.name / "config.yaml"

    @property
    def program(self) -> Path:
        """A link to the environment it runs from."""
        return self.places.etc / self.name / "program"

    @property
    def data_dir(self) -> Path:
        return self.places.var / self.name

    def config(self) -> Config:
        """As its services see it. Raises Invalid."""
        return configuration.load(self.file, {})


def cells(places: Places) -> Iterator[Cell]:
    """All there are, by name."""
    for file in sorted(places.etc.glob("*/config.yaml")):
        yield Cell(file.parent.name, places)


def get(places: Places, name: str) -> Cell:
    """Raises NotFound."""
    cell = next((each for each in cells(places) if each.name == name), None)
    if cell is None:
        raise NotFound("cells.not_found", name=name)
    return cell


def free_ports(places: Places) -> dict[str, dict[str, int]]:
    """Of the first place that no cell has. Raises Conflict when the machine is full."""
    taken = {each.config().web.port for each in cells(places)}
    number = next((each for each in range(MOST) if FIRST_WEB + each not in taken), None)
    if number is None:
        raise Conflict("cells.full", count=MOST)
    broker = FIRST_BROKER + 2 * number
    return {"web": {"port": FIRST_WEB + number}, "broker": {"port": broker}, "enrolment": {"port": broker + 1}}


def write(cell: Cell, settings: Mapping[str, Any], *, program: Path) -> None:
    """The cell's folders and configuration, private to the account the services run as. Raises Invalid, and then
    nothing is there."""
    account = owner()
    text = yaml.safe_dump(dict(settings), allow_unicode=True, sort_keys=False)
    cell.file.parent.mkdir(parents=True)
    try:
        write_private(cell.file, text, owner=account)
        cell.config()
    except BaseException:
        cell.file.unlink(missing_ok=True)
        cell.file.parent.rmdir()
        raise
    link(cell, program)
    cell.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if account is not None:
        os.chown(cell.file.parent, *account)
        os.chown(cell.data_dir, *account)


def link(cell: Cell, program: Path) -> None:
    """From its next start it runs from this environment."""
    beside = cell.program.with_name("program.new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(program)
    beside.replace(cell.program)


def owner() -> tuple[int, int] | None:
    """The account of the services, when we may give files away and there is one."""
    try:
        found = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None
    return (found.pw_uid, found.pw_gid) if os.geteuid() == 0 else None
