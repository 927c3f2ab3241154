"""What would stop the house later is found before it, with a sentence that says what to do."""

import errno
import os
import socket
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from broadcaster.config import Config, WebSettings
from broadcaster.errors import Unavailable
from loa.first_start import check_ports, hold_data_dir


def test_a_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        config = Config(web=WebSettings(port=port))
        with pytest.raises(
            Unavailable, match=rf"process\.port_taken port={port} .*LOA_WEB__PORT.* other_port={port + 1}"
        ):
            check_ports(config)


def test_the_data_folder_is_private_and_held_by_one_alone(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path / "var")
    with ExitStack() as first, ExitStack() as second:
        hold_data_dir(config, first)
        assert config.data_dir.stat().st_mode & 0o077 == 0
        with pytest.raises(Unavailable, match=r"data_dir\.in_use"):
            hold_data_dir(config, second)
    with ExitStack() as again:
        hold_data_dir(config, again)


def test_a_folder_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with ExitStack() as parts, pytest.raises(Unavailable, match=r"data_dir\.not_writable"):
        hold_data_dir(replace(Config(), data_dir=tmp_path / "file" / "var"), parts)


def test_a_full_disk_is_found_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with ExitStack() as parts, pytest.raises(Unavailable, match=r"data_dir\.not_writable"):
        hold_data_dir(Config(data_dir=tmp_path / "var"), parts)
    assert list((tmp_path / "var").iterdir()) == []
