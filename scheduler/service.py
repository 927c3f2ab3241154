"""The scheduler as it runs in the station: APScheduler ticks, the tables remember."""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.station.audit import trail as audit_trail
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.matters.watch import Lookout
from broadcaster.station.nodes import health_history
from broadcaster.station.rows import changes
from broadcaster.station.upkeep import tidying
from scheduler import occurrences

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How soon a change to a slot or to what is in it is worked into the plan."""
PLAN_SECONDS = 30.0
"""The plan also changes by time alone."""
SETTLE_SECONDS = 10.0
WATCH_SECONDS = 10.0
TIDY_SECONDS = 6 * 3600.0
STEP_SECONDS = 1.0
"""A wall clock that moves so much against the machine's own has been set."""
WATCHED = ("agendas", "slots")


class SchedulerService:
    """Nothing of it is remembered outside the database, so it may be killed and started at any time, and run twice.

    Jobs that fall behind run once, not once for every time they missed.
    """

    def __init__(self, database: Database, config: Config, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = config.schedule
        self._clips_dir, self._keep_sound_days = config.clips_dir, config.storage.keep_sound_days
        self._clock = clock
        self._lookout = Lookout(database, clock)
        self._worker = f"{socket.gethostname()}:{os.getpid()}"
        self._seen: dict[str, int] | None = None
        self._planned_at = float("-inf")
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self._ticker: BackgroundScheduler | None = None

    def start(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        ticker = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        ticks = (
            (self.look, LOOK_SECONDS),
            (self.settle, SETTLE_SECONDS),
            (self._lookout.watch, WATCH_SECONDS),
            (self.tidy, TIDY_SECONDS),
        )
        for work, seconds in ticks:
            trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
            ticker.add_job(self._safely, trigger, args=[work], id=work.__name__, next_run_time=datetime.now(UTC))
        ticker.start()
        self._ticker = ticker
        self._stopping.clear()
        self._watcher = threading.Thread(target=self._watch_clock, name="clock-watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Returns when what was being written is written."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join(5)
        if self._ticker is not None:
            self._ticker.shutdown(wait=True)
        self._watcher = self._ticker = None

    def look(self) -> None:
        """Bring the plan up to date if anything it depends on changed, or if it is some time ago."""
        seen = self._counters()
        if seen == self._seen and time.monotonic() - self._planned_at < PLAN_SECONDS:
            return
        self.plan()
        self._seen, self._planned_at = seen, time.monotonic()

    def plan(self) -> None:
        """Lay out the slots, then fill what is near."""
        now_at = self._clock()
        with self._database.session() as s:
            occurrences.expand(s, now_at=now_at, horizon=timedelta(hours=self._settings.horizon_hours))
        occurrences.freeze_due(
            self._database,
            now_at=now_at,
            ahead=timedelta(hours=self._settings.freeze_hours),
            timing=self._settings,
            worker=self._worker,
        )

    def settle(self) -> None:
        """Close the broadcasts that time has closed."""
        with self._database.session() as s:
            broadcasts.settle(s, now_at=self._clock())

    def tidy(self) -> None:
        """Make room: sound and measurements nobody needs any more; and see that the audit trail is whole."""
        with self._database.session() as s:
            tidying.tidy(s, clips_dir=self._clips_dir, now_at=self._clock(), keep_days=self._keep_sound_days)
            health_history.forget(s, now_at=self._clock())
        with self._database.reading() as s:
            finding = audit_trail.look_over(s, now_at=self._clock())
        with self._database.session() as s:
            audit_trail.note(s, finding)

    def _counters(self) -> dict[str, int]:
        with self._database.reading() as s:
            counters = changes.read(s)
        return {name: counters[name] for name in WATCHED}

    def _safely(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (LoaError, SQLAlchemyError) as error:
            log.warning("the scheduler waits for the database: %s", error)
        except Exception:  # outermost loop: a fault in one tick must not end the ticking
            log.exception("a tick of the scheduler failed")

    def _watch_clock(self) -> None:
        """APScheduler counts by the wall clock: set back an hour, it would sleep for an hour."""
        offset = time.time() - time.monotonic()
        while not self._stopping.wait(LOOK_SECONDS):
            moved = time.time() - time.monotonic() - offset
            if abs(moved) < STEP_SECONDS or self._ticker is None:
                continue
            log.warning("the wall clock was set by %+.1f s; ticking goes on from now", moved)
            offset += moved
            for job in self._ticker.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
