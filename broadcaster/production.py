"""Announcement to script to clip, as a background job that tells how far it is and can be stopped."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import Cancelled, ClipPlan, Progress, RecordingPlan, RenderCancelled, RenderedClip, TunePlan
from broadcaster.station.announcements import recordings
from broadcaster.station.broadcasts import test_tones as chirps
from broadcaster.station.clips import clips, jobs
from broadcaster.station.clips.plans import plan, script_of, take_script, version_plan
from broadcaster.station.database.engine import Database
from broadcaster.station.database.unwritten import Unwritten
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Announcement, RenderJob
from broadcaster.station_clip_production import make_station_clip, make_tune

IDLE_SECONDS = 0.25
"""How long a worker with nothing to do waits before it looks again."""
AT_MOST_SECONDS = 2.0
"""Between two looks when nobody writes: a job that was left by a dead worker is free by the clock."""
PULSE_SECONDS = 0.5
"""How often a job at work says how far it is, and hears whether it shall stop."""
HEARTBEAT_SECONDS = 15.0

log = logging.getLogger(__name__)


class ClipMaker(Protocol):
    """What makes a clip of a plan; ``rendering.Renderer`` is the real one."""

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip: ...
    def render_recording(self, plan: RecordingPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip: ...
    def render_tune(self, plan: TunePlan) -> RenderedClip: ...


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed job: its id, the hash that names its plan, and the plan."""

    job_id: str
    plan_hash: str
    plan: ClipPlan | RecordingPlan


class Production:
    """A worker that makes clips. Several may run at once, in threads or in processes: a job has one worker."""

    def __init__(self, database: Database, renderer: ClipMaker, clips_dir: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._renderer = renderer
        self._clips_dir = clips_dir
        self._clock = clock
        self._unwritten = Unwritten(database, at_most_seconds=AT_MOST_SECONDS)
        self._worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop. A database that does not answer is waited for."""
        self._clips_dir.mkdir(parents=True, exist_ok=True)
        self._prepare()
        beaten_at: datetime | None = None
        while not stop.is_set():
            try:
                beaten_at = self._beat(beaten_at)
                if self._unwritten.still() or not self.run_once():
                    stop.wait(IDLE_SECONDS)
            except Unavailable as error:
                self._unwritten.forget()
                log.warning("clip production waits: %s", error)
                stop.wait(IDLE_SECONDS * 8)

    def _prepare(self) -> None:
        """Ask for the sound a technician may want any minute."""
        try:
            with self._database.session() as s:
                chirps.prepare(s, now_at=self._clock())
        except Unavailable as error:
            log.warning("the chirp is prepared later: %s", error)

    def run_once(self) -> bool:
        """Do one job to its end; False when there was none."""
        work = self._claim()
        if work is None:
            return self._make_own()
        try:
            with self._pulse(work.job_id) as pulse:
                rendered = self._render(work.plan, pulse)
            self._finish(work, rendered)
        except RenderCancelled:
            log.info("job %s was cancelled", work.job_id)
        except Unavailable:
            raise
        except LoaError as error:
            self._fail(work, error.reason)
        except OSError as error:
            self._fail(work, Reason("clip.file_not_written", cause=error.strerror))
        except Exception:  # outermost of one job: whatever a voice does, the next job must still be made
            log.exception("job %s failed", work.job_id)
            self._fail(work, jobs.UNKNOWN_FAULT)
        return True

    def _make_own(self) -> bool:
        """A clip of the station's own words, or of its music; False when none is asked for."""
        return make_station_clip(self._database, self._renderer, worker=self._worker, clock=self._clock) or make_tune(
            self._database, self._renderer, worker=self._worker, clock=self._clock
        )

    def _render(self, plan: ClipPlan | RecordingPlan, pulse: "_Pulse") -> RenderedClip:
        if isinstance(plan, ClipPlan):
            return self._renderer.render(plan, progress=pulse.tell, cancelled=pulse.cancelled)
        there = replace(plan, recording=recordings.path(self._clips_dir, plan.recording.name))
        return self._renderer.render_recording(there, progress=pulse.tell, cancelled=pulse.cancelled)

    def _claim(self) -> Work | None:
        with self._database.reading() as s:
            if not jobs.waiting(s, now_at=self._clock()):
                return None
        with self._database.session() as s:
            job = jobs.claim(s, worker=self._worker, now_at=self._clock())
            if job is None:
                return None
            announcement = s.get_one(Announcement, job.announcement_id)
            if job.language is not None:
                return _version_work(announcement, job)
            script = script_of(s, announcement)
            named = plan(s, announcement, script)
            if named.name != job.plan_hash:  # the dictionary or the reading rules changed while the job waited
                take_script(announcement, script)
                job.plan_hash = named.name
            return Work(job.id, named.name, named.plan)

    def _finish(self, work: Work, rendered: RenderedClip) -> None:
        with self._database.session() as s:
            now_at = self._clock()
            clip = clips.record(s, rendered, work.plan_hash, now_at)
            jobs.finish(s, job_id=work.job_id, worker=self._worker, clip=clip, now_at=now_at)

    def _fail(self, work: Work, reason: Reason) -> None:
        log.warning("job %s failed: %s", work.job_id, reason)
        with self._database.session() as s:
            jobs.fail(s, job_id=work.job_id, worker=self._worker, error=reason, now_at=self._clock())

    def _beat(self, beaten_at: datetime | None) -> datetime:
        now_at = self._clock()
        if beaten_at is not None and abs((now_at - beaten_at).total_seconds()) < HEARTBEAT_SECONDS:
            return beaten_at
        with self._database.session() as s:
            heartbeats.beat(s, "renderer", now_at, {"worker": self._worker})
        return now_at

    @contextmanager
    def _pulse(self, job_id: str) -> Iterator["_Pulse"]:
        pulse = _Pulse(self._database, self._clock, worker=self._worker, job_id=job_id)
        thread = threading.Thread(target=pulse.run, name=f"pulse-{job_id[:8]}", daemon=True)
        thread.start()
        try:
            yield pulse
        finally:
            pulse.ended.set()
            thread.join()


def _version_work(announcement: Announcement, job: RenderJob) -> Work | None:
    """What is to be done for a version; None when it was taken back meanwhile."""
    version = next((each for each in announcement.versions if each.language == job.language), None)
    if version is None:
        return None
    named = version_plan(announcement, version)
    job.plan_hash = named.name
    return Work(job.id, named.name, named.plan)


class _Pulse:
    """Keeps a job's heartbeat going beside the work, so that one long sentence does not look like death."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, worker: str, job_id: str) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker
        self._job_id = job_id
        self._progress = (0.0, Reason("stage.reading"))
        self._lost = threading.Event()
        self.ended = threading.Event()

    def tell(self, fraction: float, stage: Reason) -> None:
        self._progress = (fraction, stage)

    def cancelled(self) -> bool:
        return self._lost.is_set()

    def run(self) -> None:
        while not self.ended.wait(PULSE_SECONDS):
            try:
                self._say()
            except Unavailable as error:
                log.warning("job %s could not tell its progress: %s", self._job_id, error)

    def _say(self) -> None:
        fraction, stage = self._progress
        with self._database.session() as s:
            mine = jobs.progress(
                s, job_id=self._job_id, worker=self._worker, fraction=fraction, stage=stage, now_at=self._clock()
            )
        if not mine:
            self._lost.set()
