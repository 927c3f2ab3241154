"""The node's one SQLite file: ledger, outbox and the few numbers that must never fall back."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from speaker_node.durable import put_in_place, sync_folder
from speaker_node.errors import StorageFault
from speaker_node.refuge import Refuge

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


Work = Callable[[sqlite3.Connection], object]


class Database:
    """Open connection; every change is on the card when ``change`` returns, unless the card refused.

    A card that takes no more writes does not silence the pole: the file is copied into memory and the work goes on
    there, also after a restart of the program. Only a power cut takes what such a run plays from the next one, which
    therefore begins nothing that was due before it. That one knows by the witness, a file beside the ledger that is
    removed when the work leaves the card: a full card takes no mark, but gives one up. When the card takes writes again
    the whole memory goes back there, and then the witness.

    volatile: the work goes on in memory; ``fault`` says why.
    lost_memory: something may have sounded that is not entered here.
    left_before: an earlier run left the card, its memory is lost, and nobody has drawn the consequences yet.
    """

    def __init__(self, path: Path, *, memory: Path) -> None:
        """``memory`` is a folder that outlives this program, but not the power.

        Raises StorageFault when there is no place at all.
        """
        self._path = path
        self._refuge = Refuge(path, memory)
        self.volatile = False
        self.fault = ""
        self.left_before = path.exists() and not _witness(path).exists()
        try:
            self._connection = self._taken_up() or self._opened_or_reborn()
        except (sqlite3.DatabaseError, OSError) as error:
            self.left_before = True  # a card that takes nothing at all would not have given up its witness either
            self._connection = self._flee(error)
        if not self.left_before:
            self.bear_witness()
        self.lost_memory = self.left_before or _broken(path).exists()
        if self.volatile:
            self.come_back()

    def bear_witness(self) -> None:
        """From now on the file that is worked on is the whole memory, as far as a later run must care."""
        self.left_before = False
        home = self._refuge.file if self.volatile else self._path
        with suppress(OSError):  # a card that takes no new file makes the next run careful, which is right
            _witness(home).touch()
            sync_folder(home.parent)

    def write(self, work: Work) -> None:
        """Do the work in one transaction. When the card refuses it is done again in memory.

        Raises StorageFault when that fails too.
        """
        try:
            self._transaction(work)
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            if self.volatile:
                raise StorageFault(f"Không ghi được sổ phát: {error}. Hãy khởi động lại cụm loa.") from error
            refused, self._connection = self._connection, self._flee(error)
            refused.close()
            self._transaction(work)

    def _transaction(self, work: Work) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            work(self._connection)

    def _taken_up(self) -> sqlite3.Connection | None:
        """What a run left in memory that ended without the power going; None when there is nothing of use."""
        if not self._refuge.taken:
            return None
        try:
            connection = _opened(self._refuge.file)
        except (sqlite3.DatabaseError, OSError):
            self._refuge.leave()
            self.left_before = True
            return None
        self.volatile = True
        self.fault = "Thẻ nhớ không ghi được sổ phát từ lần chạy trước. Cụm loa vẫn phát nhưng cần thay thẻ nhớ."
        self.left_before = not _witness(self._refuge.file).exists()
        return connection

    def _opened_or_reborn(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _opened(self._path)
        except sqlite3.DatabaseError as error:
            if not _is_damaged(error):
                raise
            _set_aside(self._path)
            return _opened(self._path)

    def _flee(self, error: Exception) -> sqlite3.Connection:
        """Go on with a copy in memory."""
        self.volatile = True
        with suppress(OSError):  # a card that cannot be written at all is found so again at the next start
            _witness(self._path).unlink(missing_ok=True)
            sync_folder(self._path.parent)
        self.fault = f"Thẻ nhớ không ghi được sổ phát: {error}. Cụm loa vẫn phát nhưng cần thay thẻ nhớ."
        try:
            self._refuge.fill(self._path, self._path.with_name(self._path.name + "-wal"))
            connection = _opened(self._refuge.file)
            if not self.left_before:
                _witness(self._refuge.file).touch()
        except (sqlite3.DatabaseError, OSError) as worse:
            raise StorageFault(f"Không mở được sổ phát {self._path}: {worse}. Hãy thay thẻ nhớ.") from worse
        return connection

    def come_back(self) -> bool:
        """Leave memory for the card if it takes writes again; False while it does not.

        Whoever loses power on the way finds a ledger without its witness, and is careful.
        """
        beside = self._path.with_name(self._path.name + ".new")
        try:
            self._write_whole(beside)
            for suffix in _JOURNALS:  # they belong to the file that goes, and would be played back into its successor
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            put_in_place(beside, self._path)
            home = _opened(self._path)
            self._refuge.leave()
        except (sqlite3.DatabaseError, OSError):
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            return False
        refuge, self._connection = self._connection, home
        refuge.close()
        self.volatile, self.fault = False, ""
        if not self.left_before:
            self.bear_witness()
        return True

    def _write_whole(self, beside: Path) -> None:
        """A copy of the memory, on the card when this returns."""
        beside.unlink(missing_ok=True)
        self._connection.execute("VACUUM INTO ?", (str(beside),))
        with beside.open("rb") as file:
            os.fsync(file.fileno())

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query finds."""
        return self._connection.execute(query, values).fetchall()

    def number(self, name: str) -> int:
        """A stored number; 0 when it was never set."""
        found = self.rows("SELECT value FROM number WHERE name = ?", name)
        return int(found[0]["value"]) if found else 0

    def raise_number(self, name: str, value: int) -> None:
        """Store a number that never falls."""
        self.write(
            lambda to: to.execute(
                "INSERT INTO number VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (name, value),
            )
        )

    def close(self) -> None:
        """Done; a copy in memory waits for the next run."""
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


def _broken(path: Path) -> Path:
    return path.with_suffix(".broken")


def _witness(path: Path) -> Path:
    return path.with_suffix(".whole")


def _is_damaged(error: sqlite3.DatabaseError) -> bool:
    return "malformed" in str(error) or "not a database" in str(error)


def _set_aside(path: Path) -> None:
    """Keep the unreadable file for a technician; its journal belongs to it."""
    for suffix in _JOURNALS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.replace(_broken(path))


def fresh_sequence() -> int:
    """Where receipt numbers start in a new file: above those of any earlier file of this node."""
    return max(1, time.time_ns() // 1_000_000)
