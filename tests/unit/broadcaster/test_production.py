"""Making clips in the background: what goes wrong is said, and harms nothing."""

import errno
import io
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from broadcaster.errors import LoaError
from broadcaster.production import Production
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import Cancelled, ClipPlan, Progress, RecordingPlan, RenderCancelled, RenderedClip
from broadcaster.station.announcements import announcements, recordings
from broadcaster.station.clips import dictionary, jobs, station_clips
from broadcaster.station.clips.station_clips import StationWords
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Announcement, Clip, RenderJob
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import JobState
from tests.rig.commune import NOW, Commune, rendered, write

pytestmark = pytest.mark.integration
FALLBACK = Reason("speech.passed_over", why=[Reason("online_voice.unreachable")])


class Maker:
    """A maker of clips that does what the test says and remembers the plans it was given."""

    def __init__(self, work: Callable[[Progress, Cancelled], None] | None = None) -> None:
        self.plans: list[ClipPlan] = []
        self.recordings: list[RecordingPlan] = []
        self._work = work

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip:
        self.plans.append(plan)
        if self._work is not None:
            self._work(progress, cancelled)
        return rendered(plan.script.text, fallback_reason=FALLBACK)

    def render_recording(self, plan: RecordingPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip:
        self.recordings.append(plan)
        return rendered(plan.recording.read_text())


def production(database: Database, maker: Maker, tmp_path: Path) -> Production:
    return Production(database, maker, tmp_path / "clips", lambda: NOW)


def look(database: Database, announcement: Announcement) -> tuple[Announcement, RenderJob]:
    with database.reading() as s:
        job = jobs.latest(s, announcement)
        assert job is not None
        return announcements.get(s, announcement.id), job


def raising(error: Exception) -> Maker:
    def work(_progress: Progress, _cancelled: Cancelled) -> None:
        raise error

    return Maker(work)


def test_without_work_it_does_nothing(database: Database, tmp_path: Path) -> None:
    assert not production(database, Maker(), tmp_path).run_once()


def test_a_clip_is_made_of_the_words_and_the_fallback_is_kept_visible(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    made, maker = write(database, commune.officer, broadcast_class="emergency"), Maker()
    assert production(database, maker, tmp_path).run_once()
    stored, job = look(database, made)
    assert job.state is JobState.DONE
    assert (maker.plans[0].script.text, maker.plans[0].horn, maker.plans[0].chime) == (
        made.script,
        "loud",
        "emergency",
    )
    with database.reading() as s:
        clip = s.get_one(Clip, stored.clip_sha256)
    assert (clip.engine, clip.fallback_reason) == ("espeak", FALLBACK)


def attach(database: Database, commune: Commune, made: Announcement, folder: Path) -> None:
    recording = recordings.keep(io.BytesIO(b"tieng nguoi"), name="a.wav", clips_dir=folder, most_megabytes=1)
    with database.session() as s:
        recordings.attach(s, announcement=made, revision=1, recording=recording, by=commune.officer, now_at=NOW)


def test_a_recording_is_rendered_instead_of_the_words(database: Database, commune: Commune, tmp_path: Path) -> None:
    made, maker = write(database, commune.officer, broadcast_class="emergency"), Maker()
    attach(database, commune, made, tmp_path / "clips")
    assert production(database, maker, tmp_path).run_once()
    assert look(database, made)[1].state is JobState.DONE
    assert maker.plans == []
    plan = maker.recordings[0]
    assert (plan.recording.read_bytes(), plan.chime, plan.horn) == (b"tieng nguoi", "emergency", "loud")


def test_a_recording_that_is_gone_is_said(database: Database, commune: Commune, tmp_path: Path) -> None:
    made = write(database, commune.officer)
    attach(database, commune, made, tmp_path / "elsewhere")
    assert production(database, Maker(), tmp_path).run_once()
    assert look(database, made)[1].error == Reason("recording.original_gone")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LoaError("speech.no_engine"), Reason("speech.no_engine")),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            Reason("clip.file_not_written", cause="No space left on device"),
        ),
        (ZeroDivisionError("in somebody's library"), jobs.UNKNOWN_FAULT),
    ],
    ids=["no voice", "disk full", "a bug"],
)
def test_a_failure_is_told_and_the_announcement_is_unharmed(
    database: Database, commune: Commune, tmp_path: Path, error: Exception, reason: Reason
) -> None:
    made = write(database, commune.officer)
    worker = production(database, raising(error), tmp_path)
    assert worker.run_once()
    stored, job = look(database, made)
    assert job.state is JobState.FAILED
    assert job.error == reason
    assert (stored.text, stored.revision, stored.clip_sha256) == (made.text, 1, None)
    assert not worker.run_once()


def test_an_edit_stops_the_work_on_the_old_text(database: Database, commune: Commune, tmp_path: Path) -> None:
    made = write(database, commune.officer)

    def edit_then_wait(_progress: Progress, cancelled: Cancelled) -> None:
        with database.session() as s:
            announcements.edit(
                s, made, replace(fields_of(made), text="Khác rồi."), revision=1, by=commune.officer, now_at=NOW
            )
        waited = threading.Event()
        while not cancelled():
            waited.wait(0.01)
        raise RenderCancelled("Đã dừng.")

    assert production(database, Maker(edit_then_wait), tmp_path).run_once()
    assert look(database, made)[1].state is JobState.QUEUED
    maker = Maker()
    assert production(database, maker, tmp_path).run_once()
    assert [plan.script.text for plan in maker.plans] == ["Khác rồi."]


def test_what_the_dictionary_learned_while_a_job_waited_is_said_and_shown(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    made = write(database, commune.officer, text="Họp tại NVHCĐ.")
    with database.session() as s:
        dictionary.add(
            s, unit_id="con-minh", written="NVHCĐ", reading="nhà văn hóa chung", by=commune.officer, now_at=NOW
        )
    maker = Maker()
    assert production(database, maker, tmp_path).run_once()
    assert "nhà văn hóa chung" in maker.plans[0].script.text
    assert look(database, made)[0].script == maker.plans[0].script.text


def test_it_runs_until_told_to_stop_and_shows_that_it_lives(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    made, stop = write(database, commune.officer), threading.Event()

    def stop_after(_progress: Progress, _cancelled: Cancelled) -> None:
        stop.set()

    production(database, Maker(stop_after), tmp_path).run(stop)
    assert look(database, made)[1].state is JobState.DONE
    with database.reading() as s:
        assert heartbeats.read(s)["renderer"].at == NOW


def test_an_idle_worker_makes_the_greetings_that_programmes_wait_for(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    with database.session() as s:
        assert station_clips.want(s, StationWords("Xin chào bà con.", "routine"), now_at=NOW) is None
    write(database, commune.officer)
    maker = Maker()
    worker = production(database, maker, tmp_path)
    assert [worker.run_once() for _ in range(3)] == [True, True, False]
    assert [plan.script.text for plan in maker.plans][1] == "Xin chào bà con."
    with database.session() as s:
        assert station_clips.want(s, StationWords("Xin chào bà con.", "routine"), now_at=NOW) is not None
