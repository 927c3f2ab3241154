"""What is started: the version on trial, the confirmed one, the one before it, or that of the installation."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from speaker_node.releases import launch_state, launcher
from speaker_node.releases.launch_state import CURRENT, MOST_CRASHES, MOST_STARTS, PREVIOUS, LaunchState
from speaker_node.releases.launcher import Choice

ROOT = Path(__file__).parents[4]


def unpacked(root: Path, *versions: str) -> None:
    for version in versions:
        (root / version / "speaker_node").mkdir(parents=True)
        (root / version / "speaker_node" / "__init__.py").write_text("")
        (root / version / "speaker_node" / "__main__.py").write_text(f"print({version!r})\n")


def start(root: Path, *, installed: str = "1.0", boot: str = "one") -> str:
    return launcher.choose(root, installed=installed, boot=boot).version


def test_without_any_release_the_installed_program_runs(tmp_path: Path) -> None:
    assert launcher.choose(tmp_path / "none", installed="1.0", boot="one") == Choice()


def test_a_trial_is_started_under_an_alarm_twice_at_most_and_then_never_again(tmp_path: Path) -> None:
    unpacked(tmp_path, "1.1", "1.2")
    launch_state.link(tmp_path, CURRENT, "1.1")
    launch_state.write(tmp_path, LaunchState(trial="1.2", alarm_seconds=90))
    tried = [launcher.choose(tmp_path, installed="1.0", boot="one") for _ in range(MOST_STARTS)]
    assert tried == [Choice("1.2", alarm_seconds=90)] * MOST_STARTS
    assert start(tmp_path) == "1.1"
    assert launch_state.read(tmp_path).failed == {"1.2": "release_restarted"}
    assert start(tmp_path) == "1.1"


def test_a_trial_whose_start_cannot_be_noted_is_not_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked(tmp_path, "1.2")
    launch_state.write(tmp_path, LaunchState(trial="1.2"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(launch_state, "write", full)
    assert [start(tmp_path) for _ in range(5)] == [""] * 5
    assert launch_state.read(tmp_path).starts == 0


def test_a_trial_that_is_not_whole_is_not_started(tmp_path: Path) -> None:
    (tmp_path / "1.2").mkdir()
    launch_state.write(tmp_path, LaunchState(trial="1.2"))
    assert start(tmp_path) == ""
    assert "1.2" in launch_state.read(tmp_path).failed


def test_a_confirmed_version_that_crashes_again_and_again_is_left_for_the_one_before(tmp_path: Path) -> None:
    unpacked(tmp_path, "1.1", "1.2")
    launch_state.link(tmp_path, PREVIOUS, "1.1")
    launch_state.link(tmp_path, CURRENT, "1.2")
    assert [start(tmp_path) for _ in range(MOST_CRASHES + 1)] == ["1.2"] * MOST_CRASHES + ["1.1"]
    assert start(tmp_path) == "1.1"
    assert launch_state.read(tmp_path).failed == {"1.2": "release_crashed_later"}


def test_power_cuts_are_no_crashes_of_a_confirmed_version(tmp_path: Path) -> None:
    unpacked(tmp_path, "1.2")
    launch_state.link(tmp_path, CURRENT, "1.2")
    assert [start(tmp_path, boot=str(boot)) for boot in range(20)] == ["1.2"] * 20


def test_a_newer_installation_outranks_what_came_over_the_air(tmp_path: Path) -> None:
    unpacked(tmp_path, "1.2", "1.3")
    launch_state.link(tmp_path, CURRENT, "1.2")
    launch_state.write(tmp_path, LaunchState(trial="1.3"))
    assert start(tmp_path, installed="1.3") == ""
    assert start(tmp_path, installed="1.2") == ""
    assert start(tmp_path, installed="1.1.9") == "1.2"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"trial": 7, "starts": "x"}', '{"trial": "../..", "failed": {"a": 1}}', "\0\0"]
)
def test_whatever_stands_in_the_file_something_is_started(tmp_path: Path, content: str) -> None:
    unpacked(tmp_path, "1.2")
    launch_state.link(tmp_path, CURRENT, "1.2")
    (tmp_path / launch_state.STATE).write_text(content)
    assert start(tmp_path) == "1.2"


def test_a_link_to_nothing_leads_to_the_version_before(tmp_path: Path) -> None:
    unpacked(tmp_path, "1.1")
    launch_state.link(tmp_path, PREVIOUS, "1.1")
    (tmp_path / CURRENT).symlink_to("1.2")
    assert start(tmp_path) == "1.1"
    (tmp_path / PREVIOUS).unlink()
    assert start(tmp_path) == ""


def test_what_a_newer_program_keeps_in_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / launch_state.STATE).write_text('{"colour": "red"}')
    launch_state.write(tmp_path, LaunchState(trial="1.2"))
    assert json.loads((tmp_path / launch_state.STATE).read_text())["colour"] == "red"


def _launch(data: Path, program: str = "") -> subprocess.CompletedProcess[str]:
    """As systemd does it, with this work tree as the installation."""
    root = data / launch_state.ROOT
    if program:
        (root / "9.2" / "speaker_node" / "__main__.py").write_text(program)
    return subprocess.run(
        [sys.executable, "-m", "speaker_node.releases.launcher", "--bundle", "b", "--data", str(data)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_launcher_becomes_the_program_with_the_same_arguments(tmp_path: Path) -> None:
    unpacked(tmp_path / launch_state.ROOT, "9.2")
    launch_state.link(tmp_path / launch_state.ROOT, CURRENT, "9.2")
    program = "import os, sys; print(os.environ['SPEAKER_NODE_LAUNCHED'], *sys.argv[1:])"
    done = _launch(tmp_path, program)
    assert done.stdout.split() == ["9.2", "--bundle", "b", "--data", str(tmp_path)]


@pytest.mark.long
def test_a_program_that_hangs_on_trial_is_ended_by_the_kernel_and_left(tmp_path: Path) -> None:
    root = tmp_path / launch_state.ROOT
    unpacked(root, "9.1", "9.2")
    launch_state.link(root, CURRENT, "9.1")
    launch_state.write(root, LaunchState(trial="9.2", alarm_seconds=1))
    hangs = "import time\nwhile True:\n    time.sleep(60)\n"
    assert [_launch(tmp_path, hangs).returncode for _ in range(MOST_STARTS)] == [-14] * MOST_STARTS
    assert _launch(tmp_path).stdout.strip() == "9.1"


def test_the_launcher_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import speaker_node.releases.launcher;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["speaker_node"]


def test_a_launcher_without_a_data_folder_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert launcher.main(["--bundle", "b"]) == 2
    assert "--data" in capsys.readouterr().err
    assert launcher.data_folder(["--data=/x"]) == Path("/x")
