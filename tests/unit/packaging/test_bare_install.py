"""Installed without any of its parts, the command says in one sentence which part is missing."""

import os
import subprocess
import sys

import pytest

from loa.commands import COMMANDS
from tests.unit.packaging.conftest import Wheel

NEEDS_NOTHING = {"normalize", "paper"}
"""Reading is pure: it runs on Python alone, and so does a paper that comes as text."""
SECONDS = 60


def bare(wheel: Wheel, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """``loa`` with only the wheel to import from."""
    command = [sys.executable, "-S", "-m", "loa", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(wheel.site)}
    return subprocess.run(
        command,
        cwd=wheel.site,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - NEEDS_NOTHING))
def test_a_command_says_which_part_it_needs(wheel: Wheel, command: str) -> None:
    said = bare(wheel, command)
    part = "node" if command == "node" else "station"
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.count("\n") == 1, said.stderr
    assert said.stderr.startswith(f"Lệnh “loa {command}” cần phần “{part}”")
    assert f"pip install 'loa-lang[{part}]'" in said.stderr


def test_reading_needs_no_part_at_all(wheel: Wheel) -> None:
    read = bare(wheel, "normalize", typed="Họp lúc 19h30.")
    assert (read.returncode, read.stderr) == (0, "")
    assert "mười chín giờ" in read.stdout


def test_a_paper_that_comes_as_text_needs_no_part_either(wheel: Wheel) -> None:
    read = bare(wheel, "paper", "-", typed="Mời bà con họp lúc 19h30 tại nhà văn hóa.")
    assert (read.returncode, read.stderr) == (0, "")
    assert "Mời bà con họp" in read.stdout


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_what_there_is_and_which_version_is_told_all_the_same(wheel: Wheel, option: str) -> None:
    stated = bare(wheel, option)
    assert (stated.returncode, stated.stderr) == (0, "")
    assert "loa" in stated.stdout
