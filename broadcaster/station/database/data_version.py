"""SQLite's own word on whether anything was committed since it was last asked.

``PRAGMA data_version`` (https://www.sqlite.org/pragma.html) gives another number when another connection, of this
process or of any other, has committed since. It is asked on a connection that does nothing else: some ten microseconds,
where a session with a query takes a millisecond.
"""

import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path


class DataVersion:
    """Of one file; ``None`` as path for a server's database, which says nothing of the kind."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    def read(self) -> int | None:
        """A number that stays the same as long as nothing is committed; None where it cannot be told."""
        if self._path is None or not self._path.exists():
            return None
        with self._lock:
            try:
                return int(self._opened(self._path).execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error:
                self._close()
                return None

    def close(self) -> None:
        """It is opened again when it is asked again."""
        with self._lock:
            self._close()

    def _opened(self, path: Path) -> sqlite3.Connection:
        if self._process != os.getpid():  # a connection must not be used, nor closed, by a process that was forked
            self._connection, self._process = None, os.getpid()
        if self._connection is None:
            self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None and self._process == os.getpid():
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
