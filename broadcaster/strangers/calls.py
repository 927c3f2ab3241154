"""Refuse system calls that reading a file never needs (Linux seccomp, a classic BPF filter)."""

import ctypes
import os
import struct
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "syscalls.tsv"
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "armv7l": 0x40000028}
"""The kernel's names for the machines of ``os.uname()`` (``linux/audit.h``)."""
_COLUMNS = {"x86_64": 1, "aarch64": 2, "armv7l": 3}
_FOR_PROGRAMS = frozenset(("execve", "execveat", "kill", "pidfd_send_signal"))
_OTHER_TABLE = 0x40000000
"""Calls of the x32 table, which would go past a filter by number."""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1
_SET_SECCOMP, _FILTER_MODE = 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse(libc: ctypes.CDLL, *, may_start_programs: bool) -> bool:
    """Install the filter in this process; a refused call fails with EPERM. False where the system has no such thing."""
    machine = os.uname().machine
    if os.uname().sysname != "Linux" or machine not in _ARCHITECTURES:
        return False
    rules = _filter(machine, may_start_programs=may_start_programs)
    program = _Program(len(rules) // 8, rules)
    return bool(libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0) == 0)


def _filter(machine: str, *, may_start_programs: bool) -> bytes:
    """The machine is compared first, then the number with each refused call; all the rest is allowed."""
    numbers = _numbers(machine, without=_FOR_PROGRAMS if may_start_programs else frozenset())
    last = len(numbers)
    steps = [
        _step(_LOAD, 4),
        _step(_EQUAL, _ARCHITECTURES[machine], 0, last + 3),
        _step(_LOAD, 0),
        _step(_AT_LEAST, _OTHER_TABLE, last + 1, 0),
        *(_step(_EQUAL, number, last - at, 0) for at, number in enumerate(numbers)),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _REFUSE),
    ]
    return b"".join(steps)


def _numbers(machine: str, *, without: frozenset[str]) -> list[int]:
    rows = (line.split("\t") for line in _TABLE.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [int(row[_COLUMNS[machine]]) for row in rows if row[0] not in without]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
