"""What idle cells cost: memory (PSS, so that shared pages count once) and processor of each, station and console.

``python -m bench.cells --cells 2 --seconds 60``; ``--postgresql URL`` gives each a database of its own on that server.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broadcaster.commands.cells import command
from broadcaster.commands.cells.layout import Cell, Places

SETTLE_SECONDS = 30.0
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cells")
    parser.add_argument("--cells", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--postgresql", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="loa-cells-") as folder:
        places = Places(Path(folder) / "etc", Path(folder) / "var")
        made = [_add(places, f"xa-{number}", arguments.postgresql) for number in range(arguments.cells)]
        running = {cell.name: [_start(cell, "station"), _start(cell, "web")] for cell in made}
        try:
            time.sleep(SETTLE_SECONDS)
            _measure(running, arguments.seconds)
        finally:
            for process in (each for pair in running.values() for each in pair):
                process.send_signal(signal.SIGTERM)
            for process in (each for pair in running.values() for each in pair):
                process.wait(30)


def _add(places: Places, name: str, postgresql: str) -> Cell:
    options = ["--postgresql", postgresql] if postgresql else []
    code = command.main(["--etc", str(places.etc), "--var", str(places.var), "add", name, *options])
    if code:
        sys.exit(code)
    return Cell(name, places)


def _start(cell: Cell, service: str) -> subprocess.Popen[bytes]:
    command_line = [sys.executable, "-m", "loa", service, "--config", str(cell.file)]
    with (cell.data_dir / f"{service}.log").open("ab") as log:
        return subprocess.Popen(command_line, stdout=log, stderr=log)


def _measure(running: dict[str, list[subprocess.Popen[bytes]]], seconds: float) -> None:
    pids = {name: [pid for each in pair for pid in _family(each.pid)] for name, pair in running.items()}
    before = {name: sum(map(_ticks, mine)) for name, mine in pids.items()}
    time.sleep(seconds)
    for name, mine in pids.items():
        share = (sum(map(_ticks, mine)) - before[name]) / TICKS_A_SECOND / seconds
        memory = sum(map(_pss_kilobytes, mine)) / 1000
        print(f"{name}: {len(mine)} processes, {memory:.0f} MB (PSS), {share:.2%} of a core while idle")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _pss_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
