"""What idle cells cost: memory (PSS, so that shared pages count once) and processor of each, station and console.

``python -m bench.cells --cells 2 --seconds 60``; ``--postgresql URL`` gives each a database of its own on that server.
"""

import argparse
import tempfile
import time
from pathlib import Path

from bench.cells import processes
from bench.cells.processes import Process
from broadcaster.commands.cells.layout import Places

SETTLE_SECONDS = 30.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.cells")
    parser.add_argument("--cells", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--postgresql", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="loa-cells-") as folder:
        places = Places(Path(folder) / "etc", Path(folder) / "var")
        names = [f"xa-{number}" for number in range(arguments.cells)]
        made = [processes.add(places, name, postgresql=arguments.postgresql) for name in names]
        running = {cell.name: [processes.start(cell, service) for service in ("station", "web")] for cell in made}
        try:
            time.sleep(SETTLE_SECONDS)
            _measure(running, arguments.seconds)
        finally:
            processes.end(each for pair in running.values() for each in pair)


def _measure(running: dict[str, list[Process]], seconds: float) -> None:
    pids = {name: [pid for each in pair for pid in processes.family(each.pid)] for name, pair in running.items()}
    before = {name: processes.processor_seconds(mine) for name, mine in pids.items()}
    time.sleep(seconds)
    for name, mine in pids.items():
        share = (processes.processor_seconds(mine) - before[name]) / seconds
        memory = sum(map(processes.pss_kilobytes, mine)) / 1000
        print(f"{name}: {len(mine)} processes, {memory:.0f} MB (PSS), {share:.2%} of a core while idle")


if __name__ == "__main__":
    main()
