"""Cells whose stations and consoles run as processes of their own, and what those take of the machine."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from broadcaster.commands.cells import command
from broadcaster.commands.cells.layout import Cell, Places

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
END_SECONDS = 30
Process = subprocess.Popen[bytes]


def add(places: Places, name: str, *, postgresql: str = "", settings: Iterable[str] = ()) -> Cell:
    """As ``loa cells add`` makes it; ``settings``: as behind ``--set``."""
    options = ["--postgresql", postgresql] if postgresql else []
    options += [part for each in settings for part in ("--set", each)]
    with contextlib.redirect_stdout(sys.stderr):
        code = command.main(["--etc", str(places.etc), "--var", str(places.var), "add", name, *options])
    if code:
        sys.exit(code)
    return Cell(name, places)


def start(cell: Cell, service: str, *options: str) -> Process:
    command_line = [sys.executable, "-m", "loa", service, *options, "--config", str(cell.file)]
    with (cell.data_dir / f"{service}.log").open("ab") as log:
        return subprocess.Popen(command_line, stdout=log, stderr=log)


def end(processes: Iterable[Process]) -> None:
    """All at once, in order."""
    running = list(processes)
    for each in running:
        each.send_signal(signal.SIGTERM)
    for each in running:
        try:
            each.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            each.kill()
            each.wait()


def family(pid: int) -> list[int]:
    """It and what it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def processor_seconds(pids: Iterable[int]) -> float:
    return sum(map(_ticks, pids)) / TICKS_A_SECOND


def pss_kilobytes(pid: int) -> int:
    """Shared pages count once."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
