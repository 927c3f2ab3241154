import logging
import os
import threading
from pathlib import Path

import pytest

from broadcaster.audio.copies.making import SPARED_BYTES, CopyMaker, Stopped
from broadcaster.audio.copies.place import beside
from broadcaster.audio.encode import opus
from broadcaster.audio.store import store_clip
from tests.doubles.sounds import tone


def lay(folder: Path, pitch_hz: float) -> Path:
    return store_clip(opus(tone(600, pitch_hz=pitch_hz)), folder=folder).path


def maker(folder: Path, *, free_bytes: int = 10 * SPARED_BYTES) -> CopyMaker:
    return CopyMaker(folder, bitrate_bps=40_000, free_bytes=lambda _folder: free_bytes)


def test_clips_that_were_there_before_get_their_copies(tmp_path: Path) -> None:
    clips = [lay(tmp_path, pitch) for pitch in (300.0, 400.0, 500.0)]
    assert maker(tmp_path).make_missing(threading.Event()) == 3
    assert all(beside(clip).is_file() for clip in clips)


def test_a_new_clip_is_found_and_what_has_a_copy_is_left_alone(tmp_path: Path) -> None:
    job, stop = maker(tmp_path), threading.Event()
    first = lay(tmp_path, 300.0)
    job.make_missing(stop)
    written_at = beside(first).stat().st_mtime_ns
    second = lay(tmp_path, 400.0)
    assert job.make_missing(stop) == 1
    assert beside(second).is_file()
    assert beside(first).stat().st_mtime_ns == written_at


def test_the_newest_clip_is_first(tmp_path: Path) -> None:
    old, new = lay(tmp_path, 300.0), lay(tmp_path, 400.0)
    os.utime(old, (1_000, 1_000))
    maker(tmp_path).make_missing(threading.Event())
    assert beside(new).stat().st_mtime_ns <= beside(old).stat().st_mtime_ns


def test_a_broken_clip_is_told_once_and_holds_up_no_other(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / f"{'0' * 64}.ogg").write_bytes(b"no sound")
    sound = lay(tmp_path, 300.0)
    job, stop = maker(tmp_path), threading.Event()
    with caplog.at_level(logging.WARNING):
        job.make_missing(stop)
        job.make_missing(stop)
    assert beside(sound).is_file()
    assert len(caplog.records) == 1


def test_the_last_room_on_the_disk_is_left_to_announcements(tmp_path: Path) -> None:
    clip = lay(tmp_path, 300.0)
    with pytest.raises(OSError, match="left to announcements"):
        maker(tmp_path, free_bytes=SPARED_BYTES - 1).make_missing(threading.Event())
    assert not beside(clip).exists()


def test_a_station_that_closes_does_not_wait_for_a_copy(tmp_path: Path) -> None:
    clip, stop = lay(tmp_path, 300.0), threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        maker(tmp_path).make_missing(stop)
    assert list(tmp_path.iterdir()) == [clip]


def test_a_folder_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    assert maker(tmp_path / "clips").make_missing(threading.Event()) == 0
