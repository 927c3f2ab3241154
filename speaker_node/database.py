"""The node's one SQLite file: ledger, outbox and the few numbers that must never fall back."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from speaker_node.errors import StorageFault

SCHEMA = """
CREATE TABLE IF NOT EXISTS number (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS play (
    broadcast TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    broadcast_class TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sounding INTEGER NOT NULL DEFAULT 0,
    ending INTEGER NOT NULL DEFAULT 0,
    boot TEXT NOT NULL DEFAULT '',
    sounds_seconds REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS receipt (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
"""


class Database:
    """Open connection; every change is on the card when ``change`` returns.

    reborn: True when an unreadable file had to be set aside, so that what it knew is lost.
    """

    def __init__(self, path: Path) -> None:
        """Raises StorageFault when neither the file nor a fresh one can be opened."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.reborn = path.with_suffix(".broken").exists()
        try:
            self._connection = _opened(path)
        except sqlite3.DatabaseError as error:
            if not _is_damaged(error):
                raise StorageFault(f"Không mở được sổ phát {path}: {error}. Hãy kiểm tra thẻ nhớ.") from error
            _set_aside(path)
            self.reborn = True
            self._connection = _opened(path)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, durable at the end. Raises StorageFault when the card refuses."""
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
        except sqlite3.DatabaseError as error:
            raise StorageFault(f"Thẻ nhớ không ghi được sổ phát: {error}. Hãy thay thẻ nhớ.") from error

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds."""
        return self._connection.execute(query, values).fetchall()

    def number(self, name: str) -> int:
        """A stored number; 0 when it was never set."""
        found = self.rows("SELECT value FROM number WHERE name = ?", name)
        return int(found[0]["value"]) if found else 0

    def raise_number(self, name: str, value: int) -> None:
        """Store a number that never falls."""
        with self.change() as to:
            to.execute(
                "INSERT INTO number VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (name, value),
            )

    def close(self) -> None:
        self._connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -256")
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("database disk image is malformed")
        connection.executescript(SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_damaged(error: sqlite3.DatabaseError) -> bool:
    return "malformed" in str(error) or "not a database" in str(error)


def _set_aside(path: Path) -> None:
    """Keep the unreadable file for a technician; its journal belongs to it."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.replace(path.with_suffix(".broken"))


def fresh_sequence() -> int:
    """Where receipt numbers start in a new file: above those of any earlier file of this node."""
    return max(1, time.time_ns() // 1_000_000)


def write_durably(path: Path, content: bytes) -> None:
    """Beside, fsynced, renamed: after a power cut there is the old file or the new one. Raises StorageFault."""
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageFault(f"Thẻ nhớ không ghi được {path.name}: {error.strerror}. Hãy kiểm tra thẻ nhớ.") from error


def sync_folder(folder: Path) -> None:
    """Make renames in this folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
