"""The file of a ledger: its tables, opening it, and setting one aside that cannot be read.

A file that is empty, cut, overwritten, or written by a newer program is never taken for an empty memory: what it holds
may have sounded.
"""

import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from broadcaster.protocol.values import BroadcastClass, DeliveryState

VERSION = 1
"""Of the tables below, kept in the file itself; a program knows those up to its own."""

_JOURNALS = ("-wal", "-shm")
_WAL_BEGINS = (bytes.fromhex("377f0682"), bytes.fromhex("377f0683"))
"""sqlite.org/fileformat2.html, section 4.1."""
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
CREATE TABLE IF NOT EXISTS aside (name TEXT PRIMARY KEY, body BLOB NOT NULL);
"""


class Unreadable(sqlite3.DatabaseError):
    """The file is no ledger that this program can read."""


def opened(path: Path) -> sqlite3.Connection:
    """With its tables, which are made where they are missing. Raises sqlite3.DatabaseError or OSError."""
    if path.exists() and path.stat().st_size == 0:
        raise Unreadable("empty")
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -256")
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise Unreadable("damaged")
        _take_up(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _take_up(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file; look through those of an old one. Raises sqlite3.DatabaseError."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise Unreadable(f"written by a newer program ({version})")
    connection.executescript(SCHEMA)
    if version < VERSION:
        connection.execute(f"PRAGMA user_version = {VERSION}")
    try:
        _check_rows(connection)
    except (sqlite3.OperationalError, ValueError, TypeError) as error:
        raise Unreadable(str(error)) from error


def _check_rows(connection: sqlite3.Connection) -> None:
    """Raises ValueError or TypeError for what no program of ours wrote, sqlite3.OperationalError for other tables."""
    if connection.execute("SELECT 1 FROM number WHERE typeof(value) <> 'integer'").fetchone():
        raise ValueError("a number is none")
    connection.execute("SELECT changed_at, attempts, sounding, ending, boot, sounds_seconds FROM play LIMIT 1")
    connection.execute("SELECT sequence, id, body FROM receipt LIMIT 1")
    for row in connection.execute("SELECT state, broadcast_class, expires_at FROM play"):
        DeliveryState(row["state"])
        BroadcastClass(row["broadcast_class"])
        if datetime.fromisoformat(row["expires_at"]).tzinfo is None:
            raise ValueError("an instant has no zone")


def has_lost_writes(path: Path) -> bool:
    """What was written lately is gone: SQLite takes a journal that does not begin like one for no journal at all."""
    journal = path.with_name(path.name + "-wal")
    with suppress(OSError), journal.open("rb") as file:
        head = file.read(4)
        return bool(head) and head not in _WAL_BEGINS
    return False


def opened_for_writing(path: Path) -> sqlite3.Connection:
    """With a first entry, the number of starts: SQLite opens what is read-only without a word, and what is full too.

    Raises sqlite3.DatabaseError or OSError.
    """
    connection = opened(path)
    try:
        connection.execute("INSERT INTO number VALUES ('starts', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def broken(path: Path) -> Path:
    """Where a damaged ledger waits for a technician."""
    return path.with_suffix(".broken")


def drop_journals(path: Path) -> None:
    """They belong to the file that goes, and would be played back into its successor. Raises OSError."""
    for suffix in _JOURNALS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def is_damaged(error: sqlite3.DatabaseError) -> bool:
    """The file itself is at fault, not the card under it."""
    return isinstance(error, Unreadable) or "malformed" in str(error) or "not a database" in str(error)


def set_aside(path: Path) -> None:
    """Make room for a fresh one. Raises OSError."""
    drop_journals(path)
    path.replace(broken(path))
