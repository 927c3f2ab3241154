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
    """As the kernel shortens it; empty when it has ended."""
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


def kill(*pids: int) -> None:
    """End these at once; who has ended already is no matter."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _parent(pid: int) -> int:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])  # a name may hold spaces and brackets
