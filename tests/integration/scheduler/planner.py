"""The scheduler as a process of its own, for tests that kill it.

Its clock is what a file says; after every round of planning it says the time it planned for.
"""

import os
import time
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from scheduler.service import SchedulerService


def plan(test: "Connection[Any, Any]", url: str, clock_file: str, complaints_file: str) -> None:
    os.dup2(os.open(complaints_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)

    def clock() -> datetime:
        return datetime.fromisoformat(Path(clock_file).read_text())

    service = SchedulerService(Database(url), Config(), clock)
    service.start()
    while True:
        now_at = clock()
        with suppress(LoaError):  # another process holds the database; the service tries again just so
            service.plan()
            test.send(now_at)
        time.sleep(0.1)
