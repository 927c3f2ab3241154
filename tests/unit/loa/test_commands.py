"""The one command finds its rooms, and says plainly what it does not know."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from loa import commands

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(commands.COMMANDS))
def test_every_command_leads_to_a_function(name: str) -> None:
    module, _, function = commands.COMMANDS[name][0].partition(":")
    assert callable(getattr(import_module(module), function))


@pytest.mark.integration
@pytest.mark.parametrize("module", sorted({place.partition(":")[0] for place, _help in commands.COMMANDS.values()}))
def test_every_command_starts_in_a_process_that_has_loaded_nothing_yet(module: str) -> None:
    """Rooms that import each other in a circle are found only by who comes first."""
    started = subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, text=True, check=False)
    assert (started.returncode, started.stderr) == (0, "")


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
