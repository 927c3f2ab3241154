"""The scheduler as a process of its own, for tests that kill it: ``python planner.py URL CLOCK_FILE``.

Its clock is what the file says; after every round of planning it prints the time it planned for.
"""

import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from scheduler.service import SchedulerService


def main(url: str, clock_file: str) -> None:
    def clock() -> datetime:
        return datetime.fromisoformat(Path(clock_file).read_text())

    service = SchedulerService(Database(url), Config(), clock)
    service.start()
    while True:
        now_at = clock()
        with suppress(LoaError):  # another process holds the database; the service tries again just so
            service.plan()
            print(now_at.isoformat(), flush=True)
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
