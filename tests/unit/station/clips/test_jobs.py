"""The queue of clips: each is made once, by one worker, and a dead worker loses it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.errors import Conflict
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import announcements
from broadcaster.station.clips import clips, jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import RenderJob
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import JobState
from tests.rig.commune import NOW, Commune, approved, rendered, write

pytestmark = pytest.mark.integration


def claim(database: Database, worker: str = "một", after: timedelta = timedelta()) -> RenderJob | None:
    with database.session() as s:
        return jobs.claim(s, worker=worker, now_at=NOW + after)


def claimed(database: Database, worker: str = "một") -> RenderJob:
    job = claim(database, worker)
    assert job is not None
    return job


def finish(database: Database, job: RenderJob, worker: str = "một") -> bool:
    with database.session() as s:
        clip = clips.record(s, rendered(job.plan_hash), job.plan_hash, NOW)
        return jobs.finish(s, job_id=job.id, worker=worker, clip=clip, now_at=NOW)


def test_a_job_has_one_worker(database: Database, commune: Commune) -> None:
    write(database, commune.officer)
    assert claim(database, "một") is not None
    assert claim(database, "hai") is None


def test_an_emergency_is_made_before_what_waits_longer(database: Database, commune: Commune) -> None:
    write(database, commune.officer, text="Một.")
    urgent = write(database, commune.officer, text="Bão.", broadcast_class="emergency", now_at=NOW + timedelta(1))
    assert claimed(database).announcement_id == urgent.id


def test_the_job_of_a_dead_worker_is_taken_over_and_its_late_word_ignored(database: Database, commune: Commune) -> None:
    write(database, commune.officer)
    job = claimed(database, "một")
    assert claim(database, "hai", after=jobs.SILENCE) is None
    assert claim(database, "hai", after=jobs.SILENCE + timedelta(seconds=1)) is not None
    assert not finish(database, job, "một")
    assert finish(database, job, "hai")


def test_a_sign_of_life_keeps_the_job(database: Database, commune: Commune) -> None:
    write(database, commune.officer)
    job = claimed(database)
    later = timedelta(seconds=25)
    with database.session() as s:
        assert jobs.progress(s, job_id=job.id, worker="một", fraction=0.5, stage="đang đọc", now_at=NOW + later)
    assert claim(database, "hai", after=later + timedelta(seconds=10)) is None


def test_a_finished_clip_reaches_the_announcement_with_its_seal(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer)
    assert finish(database, claimed(database))
    with database.reading() as s:
        stored = announcements.get(s, made.id)
        job = jobs.latest(s, made)
    assert stored.clip_sha256
    assert stored.content_hash
    assert job is not None
    assert (job.state, job.progress) == (JobState.DONE, 1.0)


def test_a_job_superseded_while_at_work_changes_nothing(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer)
    job = claimed(database)
    with database.session() as s:
        announcements.edit(
            s, made, replace(fields_of(made), text="Khác rồi."), revision=1, by=commune.officer, now_at=NOW
        )
    with database.session() as s:
        assert not jobs.progress(s, job_id=job.id, worker="một", fraction=0.9, stage="", now_at=NOW)
    assert not finish(database, job)
    with database.reading() as s:
        assert announcements.get(s, made.id).clip_sha256 is None


def test_a_failed_job_leaves_the_announcement_and_its_reason(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer)
    job = claimed(database)
    with database.session() as s:
        jobs.fail(s, job_id=job.id, worker="một", error=Reason("clip.disk_full"), now_at=NOW)
    with database.reading() as s:
        last = jobs.latest(s, made)
        assert announcements.get(s, made.id).text == made.text
    assert last is not None
    assert (last.state, last.error) == (JobState.FAILED, Reason("clip.disk_full"))


def test_the_sound_of_what_was_sent_for_approval_is_not_made_again(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    with pytest.raises(Conflict), database.session() as s:
        jobs.queue(s, announcement=announcements.get(s, made.id), now_at=NOW)


def test_a_cancelled_job_cannot_be_cancelled_again(database: Database, commune: Commune) -> None:
    write(database, commune.officer)
    job = claimed(database)
    with database.session() as s:
        jobs.cancel(s, job=job, now_at=NOW)
    with pytest.raises(Conflict), database.session() as s:
        jobs.cancel(s, job=job, now_at=NOW)
