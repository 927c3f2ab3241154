"""A start that cannot be is one clear line and an exit code, with nothing left running."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.whole.running_station import settings

pytestmark = pytest.mark.integration


def start(environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "loa", "run", "--demo"], env=environ, capture_output=True, text=True, timeout=120
    )


def one_line(answer: "subprocess.CompletedProcess[str]") -> str:
    lines = answer.stderr.strip().splitlines()
    assert len(lines) == 1, answer.stderr
    return lines[0]


def test_a_taken_port_is_one_line_with_the_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = start(settings(tmp_path / "var", LOA_WEB__PORT=str(port)))
    assert answer.returncode == 1
    assert f"Cổng {port}" in one_line(answer)
    assert "LOA_WEB__PORT" in one_line(answer)


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("LOA_WEB__PORT", "nhieu", "web.port"),
        ("LOA_WEB__COLOUR", "red", "web.colour"),
        ("LOA_CONFIG", "/khong/co", "/khong/co"),
    ],
)
def test_a_wrong_configuration_is_one_line_that_names_it(tmp_path: Path, variable: str, value: str, named: str) -> None:
    answer = start(settings(tmp_path / "var") | {variable: value})
    assert answer.returncode in (1, 2)
    assert named in one_line(answer)


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"this machine does not let us mount: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_one_line_before_anything_starts(full_disk: Path) -> None:
    answer = start(settings(full_disk / "var"))
    assert answer.returncode == 1
    assert "Hãy giải phóng chỗ" in one_line(answer)
