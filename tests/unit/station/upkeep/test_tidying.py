"""What is over leaves the disk; what may sound again, and what cannot be made again, stays."""

import os
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.station.announcements import announcements, recordings
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import clips, station_clips
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Announcement, Clip, RelayTake
from broadcaster.station.upkeep import tidying
from tests.rig.commune import NOW, Commune, approved, render, rendered, write
from tests.unit.station.relays.relaying import date_of, relayed

pytestmark = pytest.mark.integration
YEARS_LATER = NOW + timedelta(days=800)
OLD_SECONDS = time.time() - 2 * 86_400


@pytest.fixture
def clips_dir(tmp_path: Path) -> Path:
    (tmp_path / recordings.FOLDER).mkdir()
    return tmp_path


def lay(path: Path, *, old: bool = True) -> Path:
    path.write_bytes(b"sound")
    if old:
        os.utime(path, (OLD_SECONDS, OLD_SECONDS))
    return path


def tidy(database: Database, clips_dir: Path, *, now_at: datetime = YEARS_LATER) -> tidying.Tidied:
    with database.session() as s:
        return tidying.tidy(s, clips_dir=clips_dir, now_at=now_at, keep_days=400)


def clip_of(database: Database, announcement: Announcement) -> str:
    with database.reading() as s:
        sha256 = announcements.get(s, announcement.id).clip_sha256
    assert sha256 is not None
    return sha256


def test_the_sound_of_an_announcement_that_is_long_over_goes_and_is_made_again_when_it_is_wanted(
    database: Database, commune: Commune, clips_dir: Path
) -> None:
    over = approved(database, commune, valid_until_at=NOW + timedelta(days=2))
    sha256 = clip_of(database, over)
    file = lay(clips.path(clips_dir, sha256))

    assert tidy(database, clips_dir) == tidying.Tidied(files=1, size_bytes=5)

    assert not file.exists()
    with database.session() as s:
        gone = s.get_one(Clip, sha256)
        assert not clips.is_there(gone)
        assert clips.record(s, replace(rendered("x"), sha256=sha256), "plan-moi", YEARS_LATER) is gone
        assert clips.is_there(gone)
        assert clips.find(s, "plan-moi") is gone


def test_what_may_still_sound_stays(database: Database, commune: Commune, clips_dir: Path) -> None:
    lasting = lay(clips.path(clips_dir, clip_of(database, approved(database, commune, text="Nội quy thôn."))))
    assert tidy(database, clips_dir).files == 0
    assert lasting.exists()


def test_what_was_broadcast_not_long_ago_can_still_be_heard_in_the_log(
    database: Database, commune: Commune, clips_dir: Path
) -> None:
    over = approved(database, commune, valid_until_at=NOW + timedelta(days=2))
    with database.session() as s:
        broadcasts.broadcast_now(s, announcement=s.merge(over), by=commune.approver, now_at=NOW)
    file = lay(clips.path(clips_dir, clip_of(database, over)))
    assert tidy(database, clips_dir, now_at=NOW + timedelta(days=399)).files == 0
    with database.session() as s:
        broadcasts.settle(s, now_at=YEARS_LATER)
    assert tidy(database, clips_dir).files == 1
    assert not file.exists()


def test_a_recording_somebody_uploaded_stays_as_long_as_its_announcement(
    database: Database, commune: Commune, clips_dir: Path
) -> None:
    mine, orphan, fresh = "a" * 64, "b" * 64, "c" * 64
    draft = write(database, commune.officer)
    with database.session() as s:
        recordings.attach(
            s,
            announcement=announcements.get(s, draft.id),
            revision=draft.revision,
            recording=recordings.UploadedRecording(mine, "giọng.wav"),
            by=commune.officer,
            now_at=NOW,
        )
    folder = clips_dir / recordings.FOLDER
    files = [lay(folder / mine), lay(folder / orphan), lay(folder / fresh, old=False)]
    tidy(database, clips_dir)
    assert [file.exists() for file in files] == [True, False, True]


def test_a_greeting_whose_sound_went_is_asked_for_anew(database: Database, commune: Commune, clips_dir: Path) -> None:
    with database.session() as s:
        assert station_clips.want(s, station_clips.StationWords("Xin chào."), now_at=NOW) is None
        row = station_clips.QUEUE.claim(s, worker="một", now_at=NOW)
        assert row is not None
        clip = clips.record(s, rendered(row.plan_hash), row.plan_hash, NOW)
        station_clips.QUEUE.finish(s, key=row.plan_hash, clip=clip)
        assert station_clips.want(s, station_clips.StationWords("Xin chào."), now_at=NOW) is clip
        lay(clips.path(clips_dir, clip.sha256))
    assert tidy(database, clips_dir).files == 1
    with database.session() as s:
        assert station_clips.want(s, station_clips.StationWords("Xin chào."), now_at=YEARS_LATER) is None
        assert station_clips.QUEUE.waiting(s, now_at=YEARS_LATER)


def test_a_file_that_cannot_be_removed_is_left_for_the_next_time(
    database: Database, commune: Commune, clips_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(database, commune.officer)
    render(database)
    lost = lay(clips_dir / "khong-ai-nhac-den.ogg")

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        assert tidy(database, clips_dir, now_at=NOW).files == 0
    assert tidy(database, clips_dir, now_at=NOW).files == 1
    assert not lost.exists()


def test_the_copy_for_phones_goes_with_its_clip_and_stays_with_it(
    database: Database, commune: Commune, clips_dir: Path
) -> None:
    write(database, commune.officer)
    stored = clips.path(clips_dir, render(database))
    lost = clips_dir / "khong-ai-nhac-den.ogg"
    files = [lay(stored), lay(stored.with_suffix(".m4a")), lay(lost), lay(lost.with_suffix(".m4a"))]
    unfinished = lay(clips_dir / f"{stored.stem}.m4a.7.8.part")
    tidy(database, clips_dir, now_at=NOW)
    assert [file.exists() for file in files] == [True, True, False, False]
    assert not unfinished.exists()


def test_what_was_taken_of_other_stations_goes_sooner(database: Database, commune: Commune, clips_dir: Path) -> None:
    with database.session() as s:
        date = date_of(s, relayed(s, commune))
        clip = clips.record(s, rendered("relay"), "relay:x", NOW)
        at = {"begin_at": NOW, "until_at": NOW, "alive_at": NOW}
        s.add(RelayTake(occurrence_id=date.id, title="VOV", seal="0" * 64, clip_sha256=clip.sha256, **at))
        s.flush()
        file = lay(clips.path(clips_dir, clip.sha256))
        tidying.tidy_relays(s, now_at=NOW + timedelta(days=29), keep_days=30)
        assert clips.is_there(clip)
        tidying.tidy_relays(s, now_at=NOW + timedelta(days=31), keep_days=30)
        s.refresh(clip)
        assert not clips.is_there(clip)
    assert tidy(database, clips_dir, now_at=NOW + timedelta(days=31)).files == 1
    assert not file.exists()
