"""Room on the disk, and some that is kept for people when there is none left.

What is reserved lies inside the database's own files: free pages in the one, and a log that is not made shorter when it
is emptied. Nobody else can use it up, as a file laid aside would be by whatever fills the disk.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

SCARCE_BYTES = 200_000_000
"""With less room than this somebody should look after the disk."""
NONE_BYTES = 8_000_000
"""With less than this what can wait is not written: what is reserved is for orders."""
RESERVED_BYTES = 24_000_000
"""Thousands of orders, with their agendas."""
AT_ONCE_BYTES = 12_000_000
"""Written in one transaction: the log stays as long as its longest."""
WAIT_SECONDS = 5.0


def free_bytes(folder: Path) -> int:
    """What the system still gives us there; of a folder that is not there as of its nearest parent."""
    place = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


def is_scarce(folder: Path) -> bool:
    """Whether somebody should look after the disk."""
    return free_bytes(folder) < SCARCE_BYTES


def is_gone(folder: Path) -> bool:
    """Whether only what cannot wait should be written."""
    return free_bytes(folder) < NONE_BYTES


def reserve(path: Path) -> bool:
    """Keep room inside the SQLite database at ``path``; False when there is none to be had, or it is busy.

    Somebody else must have the database open, or its log vanishes when this ends.
    """
    if free_bytes(path.parent) < 4 * RESERVED_BYTES:
        return False
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
            if _reserved_bytes(connection) < RESERVED_BYTES:
                _fill_and_empty(connection)
    except sqlite3.OperationalError:
        return False
    return True


def _reserved_bytes(connection: sqlite3.Connection) -> int:
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_size"))
    return int(pages) * int(size)


def _fill_and_empty(connection: sqlite3.Connection) -> None:
    """Pages become free by having been used; what was never written has no place on the disk yet."""
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS reserved_room (room BLOB)")
    for _ in range(RESERVED_BYTES // AT_ONCE_BYTES):
        connection.execute("INSERT INTO reserved_room VALUES (zeroblob(?))", (AT_ONCE_BYTES,))
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    connection.execute("DROP TABLE reserved_room")
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
