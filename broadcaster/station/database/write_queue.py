"""Whose turn it is to write to SQLite, which knows one writer at a time and no queue.

Who is refused its lock sleeps and asks again, up to a tenth of a second later; who writes one transaction after the
other therefore keeps everybody else out. Here such a writer first lets those pass who are at it or wait.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_SECONDS = 1.0
"""So long it gives way at most: people who write all the time must not keep out what nodes say."""
LOOK_SECONDS = 0.004


class WriteQueue:
    """By locks on a file beside the database, which end with their process; without a file there are no turns."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @contextmanager
    def taken(self, *, gives_way: bool) -> Iterator[None]:
        """For the length of a transaction; with ``gives_way`` it begins when nobody else is in one."""
        file = self._open()
        if file is None:
            yield
            return
        try:
            if gives_way:
                _let_others_pass(file)
            else:
                fcntl.flock(file, fcntl.LOCK_SH)
            yield
        finally:
            os.close(file)

    def _open(self) -> int | None:
        """None where no file can be had, as on a full disk: the transaction matters more than the turn."""
        if self._path is None:
            return None
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None


def _let_others_pass(file: int) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOOK_SECONDS)
        else:
            fcntl.flock(file, fcntl.LOCK_UN)
            return
