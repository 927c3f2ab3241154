"""By itself: made, tried, brought to every place, and never at the cost of a good one."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.backups import recovery_key, restoring
from broadcaster.backups.files import names
from broadcaster.backups.nightly import Nightly, is_due
from broadcaster.backups.places.place import MARK, Access
from broadcaster.backups.restoring import BackupSource
from broadcaster.config import BackupSettings, Config
from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import backup_states
from broadcaster.station.rows.backup_states import BackupState, PlaceState
from tests.rig import sftp_server
from tests.rig.commune import NOW
from tests.unit.backups.conftest import SOUND, damage, holdings, sha256

pytestmark = pytest.mark.integration
CLIP = f"clips/{sha256(SOUND)}.ogg"


class Night:
    """A station with a place and a key, whose clock stands until it is moved."""

    def __init__(self, config: Config, places: tuple[str, ...]) -> None:
        self.config = replace(config, backup=BackupSettings(places=places, sftp_seconds=5))
        self.database = Database(self.config.database_url)
        self.now_at = NOW
        printed = recovery_key.new(config.data_dir)
        recovery_key.confirm(config.data_dir, printed.key.code)
        self.identity = recovery_key.typed(printed.secret)
        self.nightly = Nightly(self.config, self.database, lambda: self.now_at)

    def run(self, *, new_places: bool = False) -> BackupState:
        self.now_at += timedelta(days=1)
        return self.nightly.run(new_places=new_places)

    def restore(self, address: str, folder: Path) -> Config:
        other = replace(self.config, data_dir=folder)
        source = BackupSource(address, Access(folder, 5), self.identity)
        assert restoring.restore(other, source, force=False, now_at=NOW).missing == ()
        return other


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def night(station: Config, stick: Path) -> Iterator[Night]:
    made = Night(station, (str(stick),))
    yield made
    made.database.dispose()


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if names.parse(path.name))


def faults(state: BackupState) -> list[str]:
    return [each.code for each in state.faults]


def test_another_machine_is_the_station_again(night: Night, stick: Path, tmp_path: Path) -> None:
    state = night.run()
    assert (faults(state), state.places[0].copies) == ([], 1)
    other = night.restore(str(stick), tmp_path / "other")
    assert holdings(other) == holdings(night.config)


def test_sound_lies_there_once_and_sealed(night: Night, stick: Path) -> None:
    night.run()
    sealed = {path: path.stat().st_mtime_ns for path in (stick / "stock").rglob("*.loa")}
    assert len(sealed) == 3
    assert not [path for path in stick.rglob("*") if path.is_file() and SOUND in path.read_bytes()]
    night.run()
    assert {path: path.stat().st_mtime_ns for path in (stick / "stock").rglob("*.loa")} == sealed
    assert len(backups(stick)) == 2


def test_a_damaged_database_leaves_the_last_good_backup(night: Night, stick: Path) -> None:
    night.run()
    good = backups(stick)
    with night.database.reading() as s:
        before = backup_states.read(s)
    assert before is not None
    night.database.dispose()
    copy = night.config.data_dir / "whole.db"
    shutil.copy(night.config.data_dir / "loa.db", copy)
    damage(night.config.data_dir / "loa.db")
    with pytest.raises(LoaError, match=r"backup\.database_"):
        night.nightly._made(before, new_places=False)
    assert backups(stick) == good


def test_a_stick_that_is_not_plugged_in_is_not_written_to(night: Night, stick: Path) -> None:
    night.run()
    away = stick.with_name("away")
    stick.rename(away)
    stick.mkdir()
    state = night.run()
    assert faults(state) == ["backup.place_not_marked"]
    assert state.places[0].good_at == NOW + timedelta(days=1)
    assert list(stick.iterdir()) == []
    stick.rmdir()
    assert faults(night.run()) == ["backup.place_gone"]
    away.rename(stick)
    assert faults(night.run()) == []
    assert len(backups(stick)) == 2


def test_a_new_stick_is_taken_when_somebody_says_so(night: Night, stick: Path, tmp_path: Path) -> None:
    night.run()
    shutil.rmtree(stick)
    stick.mkdir()
    assert faults(night.run(new_places=True)) == []
    assert (stick / MARK).exists()
    night.restore(str(stick), tmp_path / "other")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_full_disk_leaves_what_was_there(station: Config, stick: Path, tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(stick)], check=True)
    night = Night(station, (str(stick),))
    try:
        assert faults(night.run()) == []
        good = backups(stick)
        (stick / "holiday.mp4").write_bytes(b"x" * (stick_free(stick) - 8192))
        state = night.run()
        assert faults(state) == ["backup.place_full"]
        assert backups(stick) == good
        assert not list(stick.glob("*.part"))
        night.restore(str(stick / good[0]), tmp_path / "other")
    finally:
        night.database.dispose()
        subprocess.run(["umount", str(stick)], check=True)


def stick_free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def test_what_a_stick_forgot_is_brought_again(night: Night, stick: Path, tmp_path: Path) -> None:
    night.run()
    for path in (stick / "stock").rglob("*.loa"):
        path.write_bytes(b"\x00" * path.stat().st_size)
    night.run()
    assert holdings(night.restore(str(stick), tmp_path / "other"))[CLIP] == SOUND


def test_a_clip_damaged_here_is_still_whole_there(night: Night, stick: Path, tmp_path: Path) -> None:
    night.run()
    (night.config.data_dir / CLIP).write_bytes(b"bits flipped")
    state = night.run()
    assert state.damaged == (CLIP,)
    assert holdings(night.restore(str(stick), tmp_path / "other"))[CLIP] == SOUND


def test_sound_that_was_tidied_away_goes_with_its_last_backup(night: Night, stick: Path) -> None:
    night.config = replace(night.config, backup=replace(night.config.backup, daily=2, weekly=0, monthly=0))
    night.nightly = Nightly(night.config, night.database, lambda: night.now_at)
    night.run()
    (night.config.data_dir / CLIP).unlink()
    night.run()
    assert list(stick.rglob(f"{sha256(SOUND)}.loa"))
    night.run()
    assert not list(stick.rglob(f"{sha256(SOUND)}.loa"))
    assert len(backups(stick)) == 2


def test_without_a_key_nothing_is_written(station: Config, stick: Path) -> None:
    config = replace(station, backup=BackupSettings(places=(str(stick),)))
    database = Database(config.database_url)
    assert faults(Nightly(config, database, lambda: NOW).run()) == ["backup.no_recovery_key"]
    database.dispose()
    assert list(stick.iterdir()) == []


def test_one_place_that_fails_keeps_no_other_from_its_backup(station: Config, stick: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with sftp_server.running(there) as server:
        night = Night(station, (str(tmp_path / "nowhere"), server.address, str(stick)))
        state = night.run()
        night.database.dispose()
        assert [each.fault and each.fault.code for each in state.places] == ["backup.place_gone", None, None]
        assert "let me in" not in str(state)
        assert holdings(night.restore(server.address, tmp_path / "other")) == holdings(station)


def test_a_station_that_stops_ends_its_backup(night: Night, stick: Path) -> None:
    night.nightly.stop.set()
    assert faults(night.run()) == ["backup.stopped"]
    assert backups(stick) == []


def test_what_takes_too_long_is_given_up(night: Night, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(night.config.backup, "longest_minutes", -1)
    assert faults(night.run()) == ["backup.too_slow"]
    assert backups(stick) == []
    assert not list((night.config.data_dir / "backup").glob("work*"))


def test_it_goes_by_itself_once_a_day(night: Night, stick: Path) -> None:
    night.nightly.look()
    night.nightly.look()
    assert len(backups(stick)) == 1
    night.now_at += timedelta(hours=20)  # six in the morning: the time for it has come again
    night.nightly.look()
    assert len(backups(stick)) == 2
    with night.database.session() as s:
        backup_states.ask(s, now_at=night.now_at + timedelta(seconds=1))
    night.nightly.look()
    assert threading.active_count() < 10


@pytest.mark.parametrize(
    ("tried_hours_ago", "good_hours_ago", "due"),
    [(None, None, True), (2, 2, False), (9, 9, True), (0.5, 30, False), (2, 30, True), (-5, None, True)],
)
def test_when_it_is_time(tried_hours_ago: float | None, good_hours_ago: float | None, due: bool) -> None:
    def at(hours: float | None) -> datetime | None:
        return None if hours is None else NOW - timedelta(hours=hours)

    state = BackupState(at(tried_hours_ago), NOW, (PlaceState("usb", at(good_hours_ago)),))
    assert is_due(state, None, now_at=NOW, last_at=NOW - timedelta(hours=8)) is due
