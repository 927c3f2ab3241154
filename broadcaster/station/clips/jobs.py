"""The queue of clips to be made. A job is claimed by one worker; a worker that falls silent loses it."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotFound
from broadcaster.protocol.values import BroadcastClass
from broadcaster.refusals.reasons import Reason
from broadcaster.station.clips import clips
from broadcaster.station.clips.content import content_hash
from broadcaster.station.clips.plans import note_authors, plan, script_of, take_script, version_plan
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Clip, RenderJob, Version
from broadcaster.station.vocabulary.lifecycles import JOB, move
from broadcaster.station.vocabulary.states import AnnouncementState, JobState

SILENCE = timedelta(seconds=30)
"""A worker that gave no sign for so long is dead; its job is anybody's."""
UNKNOWN_FAULT = Reason("clip.unknown_fault")
"""Told when a job failed for a reason that nobody foresaw."""
LIVE = (JobState.QUEUED, JobState.RUNNING)


def queue(s: Session, *, announcement: Announcement, now_at: datetime) -> RenderJob:
    """Have the clips of the announcement made, of its versions too where they would sound different.

    Older jobs for it end; a clip made before is taken at once. Whoever nobody waited for is not waited for now, as long
    as nobody edited it. Raises Conflict once the announcement was sent for approval: its sound must not change then.
    """
    _hold(s, announcement)
    before = latest(s, announcement)
    script = script_of(s, announcement)
    take_script(announcement, script)
    note_authors(s, announcement)
    job = _enqueue(s, announcement, plan(s, announcement, script).name, None, now_at=now_at)
    job.unhurried = before is not None and before.unhurried and before.revision == announcement.revision
    for version in announcement.versions:
        made = clips.find(s, version_plan(announcement, version).name)
        if made is None or made.sha256 != version.clip_sha256:
            queue_version(s, announcement=announcement, version=version, now_at=now_at)
    return job


def queue_version(s: Session, *, announcement: Announcement, version: Version, now_at: datetime) -> RenderJob:
    """The same for one version alone."""
    _hold(s, announcement)
    return _enqueue(s, announcement, version_plan(announcement, version).name, version, now_at=now_at)


def let_wait(s: Session, announcement: Announcement, *, unhurried: bool = True) -> None:
    """Say of the newest job of the announcement whether it gives way to everything somebody waits for."""
    job = latest(s, announcement)
    if job is not None:
        job.unhurried = unhurried


def drop_version(s: Session, *, announcement: Announcement, language: str, now_at: datetime) -> None:
    """Nobody needs the clip of this version any more."""
    _supersede(s, announcement, language, now_at)
    renew_hash(announcement)


def _hold(s: Session, announcement: Announcement) -> None:
    if announcement.state not in (AnnouncementState.DRAFT, AnnouncementState.RETURNED):
        raise Conflict("clip.announcement_submitted")
    s.execute(select(Announcement.id).where(Announcement.id == announcement.id).with_for_update())


def _enqueue(
    s: Session, announcement: Announcement, plan_hash: str, version: Version | None, *, now_at: datetime
) -> RenderJob:
    language = version.language if version else None
    mine = select(func.max(RenderJob.number)).where(RenderJob.announcement_id == announcement.id)
    _supersede(s, announcement, language, now_at)
    job = RenderJob(
        announcement_id=announcement.id,
        language=language,
        number=(s.scalar(mine) or 0) + 1,
        revision=announcement.revision,
        plan_hash=plan_hash,
        state=JobState.QUEUED,
        stage=Reason("stage.waiting"),
        created_at=now_at,
    )
    s.add(job)
    made = clips.find(s, plan_hash)
    _take_clip(announcement, version, made)
    if made is not None:
        _end(job, JobState.DONE, now_at)
        job.progress = 1.0
    s.flush()
    _changed(s)
    return job


def waiting(s: Session, *, now_at: datetime) -> bool:
    """Whether there is a job nobody is at work on; asked before claiming, as asking locks nothing."""
    return s.scalar(select(RenderJob.id).where(_free(now_at)).limit(1)) is not None


def claim(s: Session, *, worker: str, now_at: datetime) -> RenderJob | None:
    """The most urgent job nobody is at work on, now this worker's; None when there is none."""
    free = _free(now_at)
    urgency = case(
        (RenderJob.unhurried, 3),
        (Announcement.broadcast_class == BroadcastClass.EMERGENCY, 0),
        (Announcement.broadcast_class == BroadcastClass.PRIORITY, 1),
        else_=2,
    )
    chosen = (
        select(RenderJob.id)
        .join(Announcement, Announcement.id == RenderJob.announcement_id)
        .where(free)
        .order_by(urgency, RenderJob.created_at, RenderJob.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=RenderJob)
    )
    job_id = s.scalar(chosen)
    if job_id is None:
        return None
    taken = (
        update(RenderJob)
        .where(RenderJob.id == job_id, free)
        .values(state=JobState.RUNNING, claimed_by=worker, claimed_at=now_at, heartbeat_at=now_at, progress=0.0)
    )
    if s.execute(taken.returning(RenderJob.id)).scalar() is None:
        return None
    _changed(s)
    return s.get(RenderJob, job_id, populate_existing=True)


def progress(s: Session, *, job_id: str, worker: str, fraction: float, stage: Reason, now_at: datetime) -> bool:
    """Tell how far the work is; False when the job is no longer this worker's and the work should stop.

    So it is when nobody waits for it and somebody waits for another: it is queued again.
    """
    job = _mine(s, job_id, worker)
    if job is None or _gives_way(s, job, now_at):
        return False
    if (job.progress, job.stage) != (fraction, stage):
        _changed(s)
    job.progress, job.stage, job.heartbeat_at = fraction, stage, now_at
    return True


def finish(s: Session, *, job_id: str, worker: str, clip: Clip, now_at: datetime) -> bool:
    """The clip is made and the announcement has it; False when the job was superseded or taken over meanwhile."""
    job = _mine(s, job_id, worker)
    if job is None:
        return False
    _end(job, JobState.DONE, now_at)
    job.progress = 1.0
    announcement = s.get_one(
        Announcement, job.announcement_id, with_for_update={"of": Announcement}, populate_existing=True
    )
    version = next((each for each in announcement.versions if each.language == job.language), None)
    if job.language is None or version is not None:
        _take_clip(announcement, version, clip)
    _changed(s)
    return True


def fail(s: Session, *, job_id: str, worker: str, error: Reason, now_at: datetime) -> bool:
    """The clip could not be made. The announcement stays as it is."""
    job = _mine(s, job_id, worker)
    if job is None:
        return False
    _end(job, JobState.FAILED, now_at)
    job.error = error
    _changed(s)
    return True


def cancel(s: Session, *, job: RenderJob, now_at: datetime) -> None:
    """Stop the work. Raises Conflict when it has ended."""
    current = s.get(RenderJob, job.id, with_for_update=True, populate_existing=True)
    if current is None:
        raise NotFound("clip.job_not_found")
    _end(current, JobState.CANCELLED, now_at)
    _changed(s)


def cancel_latest(s: Session, *, announcement: Announcement, now_at: datetime) -> None:
    """Stop the newest work for it. Raises Conflict when there is none, or it has ended."""
    job = latest(s, announcement)
    if job is None:
        raise Conflict("clip.no_job")
    cancel(s, job=job, now_at=now_at)


def latest(s: Session, announcement: Announcement, *, language: str | None = None) -> RenderJob | None:
    """The newest job for this announcement, or for its version in a language."""
    mine = select(RenderJob).where(RenderJob.announcement_id == announcement.id, _is_for(language))
    return s.scalar(mine.order_by(RenderJob.number.desc()).limit(1))


def _free(now_at: datetime) -> ColumnElement[bool]:
    dead = and_(RenderJob.state == JobState.RUNNING, RenderJob.heartbeat_at < now_at - SILENCE)
    return or_(RenderJob.state == JobState.QUEUED, dead)


def _gives_way(s: Session, job: RenderJob, now_at: datetime) -> bool:
    if not job.unhurried or s.scalar(select(RenderJob.id).where(_free(now_at), ~RenderJob.unhurried).limit(1)) is None:
        return False
    job.state, job.claimed_by = move(JOB, job.state, JobState.QUEUED), None
    job.progress, job.stage = 0.0, Reason("stage.waiting")
    _changed(s)
    return True


def _is_for(language: str | None) -> ColumnElement[bool]:
    return RenderJob.language.is_(None) if language is None else RenderJob.language == language


def _supersede(s: Session, announcement: Announcement, language: str | None, now_at: datetime) -> None:
    live = (RenderJob.announcement_id == announcement.id) & RenderJob.state.in_(LIVE) & _is_for(language)
    s.execute(update(RenderJob).where(live).values(state=JobState.CANCELLED, ended_at=now_at))


def _mine(s: Session, job_id: str, worker: str) -> RenderJob | None:
    job = s.get(RenderJob, job_id, with_for_update=True, populate_existing=True)
    return job if job is not None and job.state is JobState.RUNNING and job.claimed_by == worker else None


def _end(job: RenderJob, state: JobState, now_at: datetime) -> None:
    current = JobState.RUNNING if job.state is JobState.QUEUED and state is JobState.DONE else job.state
    job.state = move(JOB, current, state)
    job.ended_at = now_at
    job.stage = None


def _take_clip(announcement: Announcement, version: Version | None, clip: Clip | None) -> None:
    (version or announcement).clip_sha256 = clip.sha256 if clip else None
    renew_hash(announcement)


def renew_hash(announcement: Announcement) -> None:
    """Bind what is there now; nothing while there is no clip."""
    announcement.content_hash = content_hash(announcement) if announcement.clip_sha256 else None


def _changed(s: Session) -> None:
    changes.bump(s, "jobs")
    changes.bump(s, "announcements")
