"""A SQLite database copied while it is in use, and what a copy is worth."""

import contextlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from broadcaster.errors import Conflict, Invalid, Unavailable
from broadcaster.station.database.copies.facts import TABLE_OF_REVISION, DatabaseFacts, require_known
from broadcaster.station.rows import text_search

PAGES_AT_ONCE = 2_000
WAIT_SECONDS = 10.0


def copy(source: Path, path: Path, *, check: Callable[[], None] = lambda: None) -> None:
    """Write what the database holds now into ``path``; ``check`` is asked again and again and may raise.

    Raises Conflict when there is none, Unavailable when it cannot be read to its end.
    """
    if not source.is_file():
        raise Conflict("backup.no_data", path=source)
    try:
        with closing(_open(source)) as present, closing(sqlite3.connect(path)) as made:
            present.backup(made, pages=PAGES_AT_ONCE, progress=lambda *_: check(), sleep=0)
            made.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise _of(error, source, path) from None


def facts(path: Path) -> DatabaseFacts:
    """Of a copy that is sound throughout: every page and index was looked at. Raises Invalid."""
    try:
        with closing(_open(path)) as database:
            text_search.add_to_sqlite(database)
            _require_sound(database)
            counts = {name: _count(database, name) for name in _tables(database)}
            revision = _revision(database) if TABLE_OF_REVISION in counts else None
    except sqlite3.Error as error:
        raise Invalid("backup.database_broken", cause=error) from None
    return DatabaseFacts("sqlite", require_known(revision, path), counts)


def settle(path: Path) -> None:
    """What was written beside the file goes into it, so that it may be moved alone. A damaged one is left as it is."""
    with contextlib.suppress(sqlite3.Error), closing(_open(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=WAIT_SECONDS)


def _of(error: sqlite3.Error, source: Path, path: Path) -> Unavailable:
    """SQLite says "disk full" of the copy, and everything else of the original."""
    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
        return Unavailable("backup.not_written", path=path, cause=error)
    return Unavailable("backup.database_damaged", path=source, cause=error)


def _require_sound(database: sqlite3.Connection) -> None:
    answer = str(database.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if answer != "ok":
        raise Invalid("backup.database_broken", cause=answer)


def _tables(database: sqlite3.Connection) -> list[str]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [str(name) for (name,) in database.execute(named)]


def _count(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - a name of its own


def _revision(database: sqlite3.Connection) -> str | None:
    row = database.execute(f"SELECT version_num FROM {TABLE_OF_REVISION}").fetchone()  # noqa: S608 - a constant
    return str(row[0]) if row else None
