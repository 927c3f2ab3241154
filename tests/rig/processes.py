"""What a process started, and what those started in their turn."""

import os
import signal
from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")


def descendants(ancestor: int | None = None) -> list[int]:
    """Everything under a process, this one when none is named; children before grandchildren."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for pid in running():
        children[_parent(pid)].append(pid)
    found, unseen = [], [ancestor or os.getpid()]
    while unseen:
        unseen = [child for parent in unseen for child in children[parent]]
        found += unseen
    return found


def running() -> list[int]:
    """Every process of this machine."""
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def name(pid: int) -> str:
    """As the kernel shortens it; empty when it has ended, though nobody may have asked for its exit code yet."""
    before, _, after = _stat(pid).rpartition(")")
    return "" if after.split()[:1] == ["Z"] else before.partition("(")[2]


def kill(*pids: int) -> None:
    """End these at once; who has ended already is no matter."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _parent(pid: int) -> int:
    after = _stat(pid).rpartition(")")[2].split()  # a name may hold spaces and brackets
    return int(after[1]) if after else 0


def _stat(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
