import errno
import hashlib
import os
from pathlib import Path

import pytest

from broadcaster.audio.store import ClipNotStored, DiskFull, store_clip


def test_a_clip_is_named_by_its_digest(tmp_path: Path) -> None:
    stored = store_clip(b"clip", folder=tmp_path / "clips")
    assert stored.sha256 == hashlib.sha256(b"clip").hexdigest()
    assert stored.path == tmp_path / "clips" / f"{stored.sha256}.ogg"
    assert stored.path.read_bytes() == b"clip"
    assert stored.size_bytes == 4


def test_storing_twice_changes_nothing(tmp_path: Path) -> None:
    assert store_clip(b"clip", folder=tmp_path) == store_clip(b"clip", folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_leaves_nothing_behind_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(DiskFull, match=r"clip\.disk_full"):
        store_clip(b"clip", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_a_sentence_too(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(ClipNotStored, match=r"clip\.not_written"):
        store_clip(b"clip", folder=blocked)
