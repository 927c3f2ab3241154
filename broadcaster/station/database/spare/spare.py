"""The spare database: there while somebody else holds the real one, gone when its orders are written back.

It lies beside the real one, on the disk, and outlives a restart. Who writes into it holds the lock of the file beside;
so does who writes it back, from reading it to removing it.
"""

import fcntl
import logging
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from broadcaster.station.database.spare import copying, merging
from broadcaster.station.rows import text_search

log = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
"""One who writes into the spare waits so long for another."""


class Spare:
    """Of the database behind ``source``, at ``path``."""

    def __init__(self, path: Path, source: Engine) -> None:
        self._path = path
        self._source = source
        self._engine = _engine(path)
        self._reading = self._engine.execution_options(loa_read_only=True)
        self._prepared: copying.EmptySpare | None = None

    @property
    def active(self) -> bool:
        """Whether orders lie in it that the real database does not have."""
        return self._path.exists()

    def prepare(self) -> None:
        """Make one without rows beforehand, in memory; from a server the rows are what takes long."""
        if self._source.url.get_backend_name() == "sqlite":
            with _named("preparing the spare"):
                self._prepared = copying.empty_spare(Path(self._source.url.database or ""))

    @contextmanager
    def session(self, info: dict[Any, Any], commit: Callable[[Session], None]) -> Iterator[Session]:
        """Write into it; it is made when there is none. Raises OperationalError when that cannot be."""
        with self._held():
            if not self.active:
                self._make()
            with Session(self._engine, expire_on_commit=False, info=info) as s:
                yield s
                commit(s)

    @contextmanager
    def reading(self, info: dict[Any, Any]) -> Iterator[Session]:
        with Session(self._reading, expire_on_commit=False, autoflush=False, info=info) as s:
            yield s

    @contextmanager
    def merged(self, s: Session) -> Iterator[None]:
        """``s`` is a transaction of the real database, and what lies in the spare becomes part of it; when the block
        ends well, it must have been committed. What cannot be written back is laid aside, and stops nobody."""
        with self._held():
            if self.active:
                self._merge(s)
            yield
            self._remove(self._path)

    def _merge(self, s: Session) -> None:
        try:
            with s.begin_nested(), self._reading.connect() as spare:
                merging.merge(spare, s)
            log.warning("orders given while the database was locked are in it now")
        except Exception:  # whatever is in the file: everybody's writes would wait for it for ever
            aside = self._path.with_name(f"{self._path.name}.{datetime.now(UTC):%Y%m%d-%H%M%S}.failed")
            log.exception("orders given while the database was locked could not be written back; see %s", aside)
            self._path.replace(aside)

    def _make(self) -> None:
        try:
            self._make_file()
        except OSError as error:
            raise OperationalError("making the spare", None, error) from error
        log.warning("the database is locked by somebody else: orders go on in %s", self._path)

    def _make_file(self) -> None:
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        self._remove(beside)
        with suppress(FileExistsError):
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        made = _engine(beside)
        try:
            self._fill(beside, made)
            beside.replace(self._path)
        finally:
            made.dispose()
            self._remove(beside)

    def _fill(self, path: Path, engine: Engine) -> None:
        name, source = secrets.token_hex(16), self._source.url
        if source.get_backend_name() != "sqlite":
            copying.copy_rows(self._source, engine, name=name)
            return
        with _named("copying to the spare"):
            copying.copy_file(Path(source.database or ""), path, name=name, prepared=self._prepared)

    @staticmethod
    def _remove(path: Path) -> None:
        for each in (path, path.with_name(f"{path.name}-journal")):
            each.unlink(missing_ok=True)

    @contextmanager
    def _held(self) -> Iterator[None]:
        lock = os.open(self._path.with_name(f"{self._path.name}-lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


@contextmanager
def _named(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OperationalError(what, None, error) from error


def _engine(path: Path) -> Engine:
    """Every session opens the file anew, and never makes one: it may have been written back a moment ago."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT_SECONDS)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "connect", _open)
    event.listen(engine, "begin", _begin)
    return engine


def _open(connection: Any, _record: Any) -> None:
    text_search.add_to_sqlite(connection)
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=OFF")  # the spare has only a part of the tables


def _begin(connection: Any) -> None:
    reading = connection.get_execution_options().get("loa_read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
