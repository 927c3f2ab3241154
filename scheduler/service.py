"""The scheduler as it runs in the station: APScheduler waits for the moments, the tables remember them."""

import logging
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.date import DateTrigger  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from broadcaster.backups.nightly import Nightly
from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.station.audit import trail as audit_trail
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.feedback.voices import FOLDER
from broadcaster.station.matters.watch import Lookout
from broadcaster.station.nodes import health_history
from broadcaster.station.programmes import moments, reopening
from broadcaster.station.programmes.moments import MomentKind
from broadcaster.station.releases.watch import ReleaseWatch
from broadcaster.station.rows import changes
from broadcaster.station.upkeep import soundness, tidying
from scheduler import occurrences

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How soon a change to a slot or to what is in it is worked into the plan."""
AGAIN_SECONDS = 5.0
"""What the database refused is tried again so much later."""
EMPTY_SECONDS = 15.0
"""A date that had nothing to play is looked at again so much later, if no change was told before."""
STEP_SECONDS = 1.0
"""A wall clock that moves so much against the machine's own has been set."""
WATCHED = ("agendas", "slots")
MOMENT = "moment:"
"""What the ids of jobs begin with that stand for a moment in the tables."""
EMPTY = "empty"
"""The job of all dates that should have been put together and had nothing to play."""


class SchedulerService:
    """Every coming moment of the tables is a date job of APScheduler, and the station's own chores are cron jobs.

    Nothing of it is remembered outside the database: jobs are derived anew at every start, at every change and when the
    clock was set, so it may be killed and started at any time, and run twice. A job that falls behind runs once.
    While ``vouched`` says that the clock is in doubt nothing is laid out, closed or noted, and nothing is tidied away
    before it is ``proven``. What a wrong clock closed is open again with the first look of one that is right.
    """

    def __init__(
        self,
        database: Database,
        config: Config,
        clock: Callable[[], datetime],
        *,
        vouched: Callable[[], bool] = lambda: True,
        proven: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._settings = config.schedule
        self._clips_dir, self._storage = config.clips_dir, config.storage
        self._feedback_dir = config.data_dir / FOLDER
        self._clock = clock
        self._vouched, self._proven = vouched, proven
        self._lookout = Lookout(database, clock)
        self._releases = ReleaseWatch(database, clock)
        self._nightly = Nightly(config, database, clock)
        self._worker = f"{socket.gethostname()}:{os.getpid()}"
        self._seen: dict[str, int] | None = None
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self._stale = threading.Event()
        self._refused: queue.SimpleQueue[tuple[str, Callable[[], None]]] = queue.SimpleQueue()
        self._jobs = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2), "backup": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        chores = (
            (self.lay_out, {"minute": 0}),
            (self.settle, {"second": 30}),
            (self.look_out, {"second": "*/10"}),
            (self.tidy, {"hour": "*/6", "minute": 17}),
            (self.look_through, {"hour": "*/6", "minute": 47}),
        )
        for work, when in chores:
            name = work.__name__
            trigger = CronTrigger(**when, timezone=UTC)
            self._jobs.add_job(self._safely, trigger, args=[name, work], id=name, next_run_time=datetime.now(UTC))
        self._start_backups()
        self._jobs.start()
        self._stopping.clear()
        self._watcher = threading.Thread(target=self._watch, name="changes-and-clock", daemon=True)
        self._watcher.start()

    def _start_backups(self) -> None:
        """On a thread of their own: one that waits for another machine holds up nothing else."""
        self._nightly.stop.clear()
        trigger = CronTrigger(second=15, timezone=UTC)
        args = [self.back_up.__name__, self.back_up]
        self._jobs.add_job(
            self._safely, trigger, args=args, id="back_up", executor="backup", next_run_time=datetime.now(UTC)
        )

    def stop(self) -> None:
        """Returns when what was being written is written."""
        self._stopping.set()
        self._nightly.stop.set()
        if self._watcher is not None:
            self._watcher.join(5)
        self._jobs.shutdown(wait=True)
        self._watcher = None

    def lay_out(self) -> None:
        """Bring the plan up to date; the jobs for its moments follow."""
        self.plan()
        self._stale.set()

    def _derive(self) -> None:
        """One date job for every coming moment; a job whose moment is gone goes too. Dates that were laid out a moment
        ago and have nothing to play yet wait together for a change, or for a while."""
        ahead = timedelta(hours=self._settings.freeze_hours)
        with self._database.reading() as s:
            now_at, real_at = self._clock(), datetime.now(UTC)
            coming = moments.coming(s, now_at=now_at, ahead=ahead)
        empty = [each for each in coming if each.kind is MomentKind.ASSEMBLE and each.at <= now_at]
        wanted = {MOMENT + each.id: each for each in coming if each not in empty}
        for job in self._jobs.get_jobs():
            if job.id.startswith(MOMENT) and job.id not in wanted:
                self._jobs.remove_job(job.id)
        for name, moment in wanted.items():
            self._at(max(real_at, real_at + (moment.at - now_at)), name, self._works[moment.kind])
        if empty:
            self._at(real_at + timedelta(seconds=EMPTY_SECONDS), EMPTY, self.lay_out)

    def _at(self, at: datetime, name: str, work: Callable[[], None]) -> None:
        trigger = DateTrigger(run_date=at, timezone=UTC)
        self._jobs.add_job(self._safely, trigger, args=[name, work], id=name, replace_existing=True)

    @property
    def _works(self) -> dict[MomentKind, Callable[[], None]]:
        return {
            MomentKind.ASSEMBLE: self.lay_out,
            MomentKind.READINESS: self.look_out,
            MomentKind.START: self.settle,
            MomentKind.SETTLE: self.settle,
        }

    def plan(self) -> None:
        """Lay out the slots, then fill what is near; dates that went by are noted as missed."""
        if not self._vouched():
            return
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
        """Open what a wrong clock closed before its time, then close the broadcasts that time has closed."""
        if not self._vouched():
            return
        horizon = timedelta(hours=self._settings.horizon_hours)
        with self._database.session() as s:
            now_at = self._clock()
            reopening.reopen(s, now_at=now_at, horizon=horizon)
            broadcasts.settle(s, now_at=now_at)

    def look_out(self) -> None:
        """Note what somebody has to deal with."""
        if self._vouched():
            self._releases.look()
            self._lookout.watch()

    def back_up(self) -> None:
        """Make the day's backup when it is time for it."""
        if self._vouched():
            self._nightly.look()

    def look_through(self) -> None:
        """See whether the database is whole."""
        found = soundness.fault(self._database)
        if found is not None:
            log.error("%s", found)
        try:
            with self._database.session() as s:
                soundness.note(s, found, now_at=self._clock())
        except LoaError as error:
            log.error("a damaged database could not be noted: %s", error)

    def tidy(self) -> None:
        """Make room: sound and measurements nobody needs any more; and see that the audit trail is whole."""
        if not self._proven():
            return
        with self._database.session() as s:
            tidying.tidy_relays(s, now_at=self._clock(), keep_days=self._storage.keep_relay_days)
            tidying.tidy(s, clips_dir=self._clips_dir, now_at=self._clock(), keep_days=self._storage.keep_sound_days)
            health_history.forget(s, now_at=self._clock())
            tidying.tidy_feedback(s, folder=self._feedback_dir, now_at=self._clock(), now_seconds=time.time())
            tidying.tidy_releases(s, data_dir=self._clips_dir.parent, now_seconds=time.time())
        with self._database.reading() as s:
            finding = audit_trail.look_over(s, now_at=self._clock())
        with self._database.session() as s:
            audit_trail.note(s, finding)

    def _counters(self) -> dict[str, int]:
        with self._database.reading() as s:
            counters = changes.read(s)
        return {name: counters[name] for name in WATCHED}

    def _safely(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except (LoaError, SQLAlchemyError) as error:
            log.warning("the scheduler waits for the database: %s", error)
            self._refused.put((name, work))
        except Exception:  # outermost loop: a fault in one job must not end the others
            log.exception("the job %s of the scheduler failed", name)

    def _watch(self) -> None:
        """The one thread that changes jobs; APScheduler's own must not while it is being shut down.

        It waits for changes in the tables and of the wall clock: APScheduler sleeps by it, and set back an hour would
        sleep for an hour.
        """
        offset, vouched = time.time() - time.monotonic(), self._vouched()
        while not self._stopping.wait(LOOK_SECONDS):
            moved = time.time() - time.monotonic() - offset
            if abs(moved) >= STEP_SECONDS:
                log.warning("the wall clock was set by %+.1f s; every moment is derived anew", moved)
                offset += moved
                self._rush()
            if vouched != self._vouched():
                vouched = not vouched
                log.warning("the station's clock is %s", "vouched for" if vouched else "not vouched for")
                self._rush()
            self._safely("changes", self._work_in_changes)

    def _rush(self) -> None:
        """Every chore once, now: what it waited for was counted by another clock."""
        for job in self._jobs.get_jobs():
            if not job.id.startswith(MOMENT):
                job.modify(next_run_time=datetime.now(UTC))
        self._seen = None

    def _work_in_changes(self) -> None:
        while not self._refused.empty():
            name, work = self._refused.get()
            self._at(datetime.now(UTC) + timedelta(seconds=AGAIN_SECONDS), f"again:{name}", work)
        seen = self._counters()
        if seen != self._seen:
            self.lay_out()
            self._seen = seen
        if self._stale.is_set():
            self._stale.clear()
            self._derive()
