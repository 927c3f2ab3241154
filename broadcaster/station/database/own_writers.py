"""Whether the one who holds SQLite's write lock is a program of ours, which lets go in a moment, or somebody else.

Each of ours holds a shared lock on a file beside the database while it writes, from when it was given the lock until
its connection is free again; locks end with their process.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

_HELD = "loa_writes"


class OwnWriters:
    """Without a file (a server with locks on rows) nobody knows, and everybody counts as one of ours."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def begin(self, info: dict[Any, Any]) -> None:
        """The connection with this ``info`` was given the write lock. Without room for the file nothing is noted."""
        file = self._open() if _HELD not in info else None
        if file is None:
            return
        info[_HELD] = file
        with suppress(BlockingIOError):  # somebody asks at this very moment
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def end(self, info: dict[Any, Any]) -> None:
        """It is free again, whatever it did."""
        file = info.pop(_HELD, None)
        if file is not None:
            os.close(file)

    def any(self) -> bool:
        """Whether one of ours writes at this moment."""
        file = self._open()
        if file is None:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def _open(self) -> int | None:
        if self._path is None:
            return None
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
