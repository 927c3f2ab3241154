"""What every command needs: the settings, the open database, the time, and a way to say things."""

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from broadcaster import config as configuration
from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.refusals.sentences import terminal_line
from broadcaster.station.database.engine import Database
from broadcaster.station.upkeep.opening import open_current


@dataclass(frozen=True, slots=True)
class CommandContext:
    """config: the settings in force; database: open and at its newest schema; now_at: when the command began."""

    config: Config
    database: Database
    now_at: datetime


Work = Callable[[CommandContext, argparse.Namespace], None]


def say(line: str = "") -> None:
    """One line for whoever typed the command."""
    sys.stdout.write(line + "\n")


def table(rows: Sequence[Sequence[str]]) -> None:
    """Rows with aligned columns; the first is the heading."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def parser(command: str, description: str) -> argparse.ArgumentParser:
    """A parser that knows ``--config``."""
    made = argparse.ArgumentParser(prog=f"loa {command}", description=description)
    made.add_argument("--config", type=Path, help="tệp cấu hình; mặc định là config.yaml trong thư mục hiện tại")
    return made


def run(made: argparse.ArgumentParser, argv: Sequence[str]) -> int:
    """Parse, open the station, do the chosen work. 0 done, 1 could not be done, 2 wrong usage or configuration."""
    arguments = made.parse_args(argv)
    return guarded(lambda: _work(arguments))


def guarded(work: Callable[[], None]) -> int:
    """Do it; an error a person can act on becomes one sentence and an exit code."""
    try:
        work()
    except LoaError as error:
        sys.stderr.write(f"{terminal_line(error)}\n")
        return 2 if error.field else 1
    return 0


@contextmanager
def opened(path: Path | None) -> Iterator[CommandContext]:
    """The station of this configuration."""
    config = configuration.load(path)
    database = open_current(config)
    database.origin = lambda: f"terminal:{getpass.getuser()}"
    try:
        yield CommandContext(config, database, datetime.now(UTC))
    finally:
        database.dispose()


def _work(arguments: argparse.Namespace) -> None:
    with opened(arguments.config) as context:
        arguments.work(context, arguments)
