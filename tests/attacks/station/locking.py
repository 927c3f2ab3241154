"""Somebody else who holds the station's database locked: a program of its own, as a backup or an administrator is."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
held.execute("BEGIN " + sys.argv[2])
held.execute("UPDATE settings SET value = value")
print("held", flush=True)
sys.stdin.read()
held.execute("ROLLBACK")
"""


@contextmanager
def locked(path: str, how: str = "EXCLUSIVE") -> Iterator[None]:
    """For the length of the block nobody else can write."""
    command = [sys.executable, "-c", _HOLD, path, how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(30)
