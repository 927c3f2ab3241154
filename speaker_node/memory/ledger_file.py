"""The file of a ledger: its tables, opening it, and setting a damaged one aside."""

import sqlite3
from pathlib import Path

_JOURNALS = ("-wal", "-shm")
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


def opened(path: Path) -> sqlite3.Connection:
    """With its tables, which are made where they are missing. Raises sqlite3.DatabaseError."""
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


def opened_for_writing(path: Path) -> sqlite3.Connection:
    """With a first entry, the number of starts: SQLite opens what is read-only without a word, and what is full too.

    Raises sqlite3.DatabaseError.
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
    return "malformed" in str(error) or "not a database" in str(error)


def set_aside(path: Path) -> None:
    """Make room for a fresh one. Raises OSError."""
    drop_journals(path)
    path.replace(broken(path))
