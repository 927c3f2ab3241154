"""A backup place on a stranger's stick: nothing in it leads a backup to another file."""

import io
import os
from pathlib import Path

import pytest

from broadcaster.backups.limits import BackupLimits
from broadcaster.backups.places.folder import Folder
from broadcaster.errors import Unavailable


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "station.key").write_text("secret")
    return tmp_path / "ours"


def write(stick: Path, name: str) -> None:
    Folder(stick).write(name, io.BytesIO(b"backup"), BackupLimits())


def test_a_link_by_the_name_of_a_backup_is_replaced_and_not_followed(stick: Path, ours: Path) -> None:
    (stick / "a.part").symlink_to(ours / "station.key")
    (stick / "mark").symlink_to(ours / "new.conf")
    os.link(ours / "station.key", stick / "b.part")
    for name in ("a.part", "mark", "b.part"):
        write(stick, name)
        assert (stick / name).read_bytes() == b"backup"
    assert (ours / "station.key").read_text() == "secret"
    assert not (ours / "new.conf").exists()


def test_a_linked_folder_is_not_entered(stick: Path, ours: Path) -> None:
    (stick / "stock").symlink_to(ours)
    folder = Folder(stick)
    with pytest.raises(Unavailable):
        write(stick, "stock/x.part")
    with pytest.raises(Unavailable):
        folder.remove("stock/station.key")
    with pytest.raises(Unavailable):
        folder.sizes("stock")
    with pytest.raises(Unavailable):
        write(stick, "../ours/x.part")
    assert sorted(each.name for each in ours.iterdir()) == ["station.key"]


def test_a_pipe_and_a_link_are_no_backups_and_hold_up_nobody(stick: Path, ours: Path) -> None:
    os.mkfifo(stick / "pipe")
    (stick / "link").symlink_to(ours / "station.key")
    folder = Folder(stick)
    assert folder.sizes("") == {}
    for name in ("pipe", "link"):
        with pytest.raises(Unavailable), folder.read(name):
            pass
    write(stick, "pipe")
    assert folder.sizes("") == {"pipe": 6}


def test_a_backup_is_written_read_renamed_and_removed_in_folders_of_its_own(stick: Path) -> None:
    folder = Folder(stick)
    write(stick, "stock/deep/x.part")
    folder.rename("stock/deep/x.part", "stock/deep/x.loa")
    with folder.read("stock/deep/x.loa") as file:
        assert file.read() == b"backup"
    assert folder.sizes("stock/deep") == {"x.loa": 6}
    folder.remove("stock/deep/x.loa")
    folder.remove("stock/deep/x.loa")
    assert folder.sizes("stock/nothing") == {}
