"""What ``loa province`` runs beside its console: the chores of every station, with nothing to play and no node."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import settings
from broadcaster.station_clock import Sources, StationClock, last_known
from loa.heartbeat_thread import HeartbeatThread
from scheduler.service import SchedulerService

THREADS = 200
"""Enough for a hundred communes that wait, and the pages."""


def begin(
    config: Config, database: Database, now: Callable[[], datetime], parts: ExitStack
) -> Callable[[threading.Event], None]:
    """The database says from now on that it is a level above; backups, tidying and the look at the audit trail run
    until ``parts`` end. What comes back gives the sign of life, on a thread of its own."""
    with database.session() as s:
        settings.write(s, "level", "province")
        known = last_known(s)
    clock = StationClock(Sources(now), trust=config.station.trust_clock, known=known)
    service = SchedulerService(database, config, clock.now, vouched=lambda: clock.vouched, proven=lambda: clock.proven)
    service.start()
    parts.callback(service.stop)
    return HeartbeatThread("station", database, clock.now, keep=clock.keep).run


def of_console(config: Config) -> Config:
    """Every commune may hold a thread while it waits for news."""
    return replace(config, web=replace(config.web, threads=max(config.web.threads, THREADS)))
