"""Leave this process no file but the interpreter's, our code and its own folder (Linux Landlock)."""

import ctypes
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The same numbers on every machine."""
_ASK_VERSION = 1
_BELOW_A_PATH = 1
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_ALL_OF_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1}
_ALL_SINCE_3 = (1 << 15) - 1
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/sys/devices/system/cpu")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def restrict(libc: ctypes.CDLL, *, root: str, folder: str, readable: Sequence[str] = ()) -> bool:
    """Allow reading of code, libraries and what is ``readable`` besides, and everything inside ``folder``; False where
    the system cannot hold it."""
    version = libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    every = _ALL_OF_VERSION.get(version, _ALL_SINCE_3)
    handled = struct.pack("=Q", every)
    ruleset = libc.syscall(_CREATE_RULESET, handled, len(handled), 0)
    if ruleset < 0:
        return False
    try:
        for path in _code(root):
            _allow(libc, ruleset, path, _READ | _EXECUTE | _LIST)
        for path in readable:
            _allow(libc, ruleset, path, _READ | _LIST)
        for path in _DEVICES:
            _allow(libc, ruleset, path, _READ | _WRITE)
        _allow(libc, ruleset, folder, every)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _code(root: str) -> Iterator[str]:
    """Where code lies. An entry of ``sys.path`` outside the interpreter may hold keys beside its packages."""
    yield from _SYSTEM
    yield from {sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)}
    for entry in {root, *sys.path}:
        if entry:
            yield str(Path(entry) / "broadcaster")


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        granted = access if Path(path).is_dir() else access & (_READ | _WRITE | _EXECUTE)
        libc.syscall(_ADD_RULE, ruleset, _BELOW_A_PATH, struct.pack("=Qi", granted, opened), 0)
    finally:
        os.close(opened)
