"""The one command finds its rooms, and says plainly what it does not know."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from loa import commands

FIRST_IMPORTS = """
import os, sys
import numpy, sqlalchemy.orm  # what takes longest and is not ours is loaded once for all
for module in sys.argv[1:]:
    child = os.fork()
    if not child:
        __import__(module)
        sys.exit()
    if os.waitpid(child, 0)[1]:
        print(module, flush=True)
"""
"""Each module is the first of ours in a process of its own; says which could not be imported."""
README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(commands.COMMANDS))
def test_every_command_leads_to_a_function(name: str) -> None:
    module, _, function = commands.COMMANDS[name][0].partition(":")
    assert callable(getattr(import_module(module), function))


@pytest.mark.integration
def test_every_command_starts_in_a_process_that_has_loaded_nothing_of_ours_yet() -> None:
    """Rooms that import each other in a circle are found only by who comes first."""
    modules = sorted({place.partition(":")[0] for place, _help in commands.COMMANDS.values()})
    command = [sys.executable, "-c", FIRST_IMPORTS, *modules]
    started = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (started.returncode, started.stdout, started.stderr) == (0, "", "")


@pytest.mark.long
def test_a_command_that_does_not_start_is_named() -> None:
    command = [sys.executable, "-c", FIRST_IMPORTS, "json", "no.such.command"]
    started = subprocess.run(command, capture_output=True, text=True, check=False)
    assert started.stdout == "no.such.command\n"
    assert "ModuleNotFoundError" in started.stderr


def test_an_unknown_command_is_named_and_the_known_ones_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["phat"]) == 2
    said = capsys.readouterr().err
    assert "“phat”" in said
    assert all(name in said for name in commands.COMMANDS)


@pytest.mark.parametrize("argv", [["--help"], []])
def test_help_goes_to_standard_output(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["--help"]) == 0
    assert "loa LỆNH" in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["--version"]) == 0
    assert re.fullmatch(r"loa \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readme_gives_the_two_commands(command: str) -> None:
    assert command in README
