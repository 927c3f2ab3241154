"""Confine this process for good: limits, no network, few calls, few files. Each guard where the system has it."""

import ctypes
import os
import resource
from contextlib import suppress

from broadcaster.strangers import calls, files
from broadcaster.strangers.bounds import Bounds

_NO_NEW_PRIVILEGES = 38
_NEW_USER_AND_NETWORK = 0x10000000 | 0x40000000
_NICENESS = 5


def confine(bounds: Bounds, *, root: str, folder: str) -> list[str]:
    """Take away what reading a file does not need. Gives the guards that hold; none can be undone by the process."""
    guards = ["limits"]
    _limit(bounds)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    except (OSError, AttributeError):
        return guards
    with suppress(AttributeError):
        if libc.unshare(_NEW_USER_AND_NETWORK) == 0:
            guards.append("network")
    if files.restrict(libc, root=root, folder=folder):
        guards.append("files")
    if calls.refuse(libc, may_start_programs=bounds.may_start_programs):
        guards.append("calls")
    return guards


def _limit(bounds: Bounds) -> None:
    os.nice(_NICENESS)
    os.umask(0o077)
    _hold(resource.RLIMIT_CORE, 0)
    _hold(resource.RLIMIT_CPU, bounds.processor_seconds)
    _hold(resource.RLIMIT_FSIZE, bounds.answer_bytes)
    _hold(resource.RLIMIT_NOFILE, bounds.open_files)
    _hold(resource.RLIMIT_AS, bounds.memory_bytes)


def _hold(kind: int, most: int) -> None:
    # A host may already hold us tighter, and macOS knows no limit of address space.
    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
