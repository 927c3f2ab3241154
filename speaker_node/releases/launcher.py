"""Starts the node: the version on trial, the confirmed one, or the one that was installed with the machine.

``python -m speaker_node.releases.launcher ARGUMENTS`` decides, notes that it did, and becomes the node's program with
the same arguments. It comes with the installation and is never replaced over the air, so it needs the standard library
alone.
Whatever it cannot read or write, it starts something: a version that is not noted as started is not tried.
"""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

from speaker_node.releases import launch_state
from speaker_node.releases.launch_state import CURRENT, MOST_CRASHES, MOST_STARTS, PREVIOUS, LaunchState

LAUNCHED = "SPEAKER_NODE_LAUNCHED"
"""Environment of the node's program: the version that was started, or ``installed``."""
INSTALLED = "installed"
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Choice:
    """What to start.

    version: empty for the program of the installation.
    alarm_seconds: after so long without a sign of life the kernel ends it; 0 for never.
    """

    version: str = ""
    alarm_seconds: int = 0


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of a wrong usage; does not return when the program could be started."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    data = data_folder(arguments)
    if data is None:
        sys.stderr.write("loa-node: --data DIR?\n")
        return 2
    return become(arguments, data)


def become(arguments: Sequence[str], data: Path) -> NoReturn:
    """The node's program, in this very process."""
    root = data / launch_state.ROOT
    choice = choose(root, installed=installed_version(), boot=boot_id())
    environment = os.environ | {LAUNCHED: choice.version or INSTALLED}
    if choice.version:
        # Compiled files are written when a version is unpacked: one that a power cut left half written may crash it.
        environment |= {"PYTHONPATH": str(root / choice.version), "PYTHONDONTWRITEBYTECODE": "1"}
    signal.alarm(choice.alarm_seconds)
    os.execve(sys.executable, [sys.executable, "-P", "-m", "speaker_node", *arguments], environment)  # noqa: S606


def data_folder(arguments: Sequence[str]) -> Path | None:
    """What ``--data`` says."""
    for index, word in enumerate(arguments):
        if word.startswith("--data="):
            return Path(word.removeprefix("--data="))
        if word == "--data" and index + 1 < len(arguments):
            return Path(arguments[index + 1])
    return None


def choose(root: Path, *, installed: str, boot: str) -> Choice:
    """What to start now; what follows from earlier starts is noted first."""
    state = launch_state.read(root)
    if state.trial:
        state, choice = _trial(root, state, installed)
        if choice:
            return choice
    return _confirmed(root, state, installed=installed, boot=boot)


def _trial(root: Path, state: LaunchState, installed: str) -> tuple[LaunchState, Choice | None]:
    """The version on trial, or the state without it."""
    tried = state.trial
    over = replace(state, trial="", starts=0)
    if tried == launch_state.linked(root, CURRENT) or not _is_newer(tried, installed):
        return _noted(root, over), None
    if state.starts >= MOST_STARTS or not launch_state.is_whole(root, tried):
        return _noted(root, replace(over, failed=state.with_failed(tried, "release_restarted"))), None
    if not _write(root, replace(state, starts=state.starts + 1)):
        return state, None
    return state, Choice(tried, max(1, state.alarm_seconds))


def _confirmed(root: Path, state: LaunchState, *, installed: str, boot: str) -> Choice:
    current = launch_state.linked(root, CURRENT)
    if not current or not _is_newer(current, installed):
        previous = launch_state.linked(root, PREVIOUS)
        broken = not current and (root / CURRENT).is_symlink()
        return Choice(previous if broken and _is_newer(previous, installed) else "")
    crashes = state.crashes + 1 if state.boot == boot else 1
    if crashes <= MOST_CRASHES:
        _write(root, replace(state, crashes=crashes, boot=boot))
        return Choice(current)
    return _left(root, state, current, installed)


def _left(root: Path, state: LaunchState, current: str, installed: str) -> Choice:
    """The version before this one, which was confirmed and ends all the same."""
    previous = launch_state.linked(root, PREVIOUS)
    previous = previous if previous != current and _is_newer(previous, installed) else ""
    _write(root, replace(state, crashes=0, failed=state.with_failed(current, "release_crashed_later")))
    with suppress(OSError):
        launch_state.link(root, CURRENT, previous)
    return Choice(previous)


def _is_newer(one: str, installed: str) -> bool:
    return launch_state.key(one) > launch_state.key(installed)


def _noted(root: Path, state: LaunchState) -> LaunchState:
    _write(root, state)
    return state


def _write(root: Path, state: LaunchState) -> bool:
    try:
        launch_state.write(root, state)
    except OSError:
        return False
    return True


def installed_version() -> str:
    """Of the program this one came with; empty when it runs from a work tree."""
    try:
        return version("loa-lang")
    except PackageNotFoundError:
        return ""


def boot_id() -> str:
    """Differs with every boot of the machine; empty where the kernel does not say it."""
    try:
        return BOOT_ID.read_text("utf-8").strip()
    except OSError:
        return ""


if __name__ == "__main__":
    raise SystemExit(main())
