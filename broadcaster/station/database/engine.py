"""The one way to the database: engine, sessions, migrations. SQLite for a commune, PostgreSQL for a province."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from broadcaster.errors import Unavailable
from broadcaster.station.audit import entries as audit
from broadcaster.station.database import disk_space
from broadcaster.station.database.data_version import DataVersion
from broadcaster.station.database.migrations import upgrade
from broadcaster.station.database.own_writers import OwnWriters
from broadcaster.station.database.spare.spare import Spare
from broadcaster.station.database.transactions import commit
from broadcaster.station.database.write_queue import WriteQueue
from broadcaster.station.rows import text_search

URGENT_SECONDS, FOREIGN_SECONDS, STILL_LOCKED_SECONDS = 0.4, 0.04, 0.02
"""How long an order waits for the database before it goes to the spare: for writers of ours, for somebody else, and
while it was locked a moment ago."""
SURE_TIMES = 3
"""So often in a row nobody of ours holds the lock before it counts as somebody else's: one may have been given it, or
may have let go of it, a moment ago."""
ORDERED_INTO = "changes, stop_orders, emergency_orders, broadcasts, deliveries, agenda_issues, audit_entries"
BUSY_SECONDS = 10.0
"""How long one writer waits for another before giving up."""
FIRST_OPENINGS = 5
MIGRATION_SECONDS = 60.0
"""Whoever starts beside another waits until that one has made the schema, on a slow card too."""
MOST_CONNECTIONS = 80
"""Of one process to a server, which admits 100 by default: more than the console's threads ever hold, as an order must
not wait for the connections that pages hold. SQLite's are files, as many as there are threads."""


class Database:
    """Sessions on one database.

    ``with database.session() as s:`` commits on success and rolls back on any exception; on SQLite it takes the
    write lock at once (BEGIN IMMEDIATE), so that what was read is still true when it is written.
    ``with database.reading() as s:`` never writes and never waits for a writer.
    Objects stay readable after their session has ended. Raises Unavailable when the database does not answer.
    ``with database.session(urgent=True) as s:`` is for orders: while somebody else holds the database locked it goes to
    a spare beside it, which is written back by the first transaction that gets through; what was ordered there is read
    by ``database.reading(urgent=True)``.
    ``audit_key`` seals the audit trail; see ``upkeep/opening.py``. ``origin`` says from where the act of a session that
    begins now was asked.
    """

    def __init__(self, url: str, *, audit_key: bytes = b"", spare_folder: Path | None = None) -> None:
        self.origin: Callable[[], str] = str
        self.clips_dir: Path | None = None
        """Where the files of clips lie, for what asks whether a sound is still there."""
        self._audit_key = audit_key
        self.url = make_url(url)
        self._writers = OwnWriters(_beside(self.url, "writes"))
        self.engine = _engine(self.url, self._writers)
        self._folder = _folder(self.url)
        self._version = DataVersion(Path(self.url.database or "") if self._folder else None)
        spare = _spare_file(self.url, spare_folder)
        self._spare = Spare(spare, self.engine) if spare else None
        self._turns = WriteQueue(_beside(self.url, "turns"))
        self._session = sessionmaker(self.engine, expire_on_commit=False)
        read_only = self.engine.execution_options(loa_read_only=True)
        self._reading = sessionmaker(read_only, expire_on_commit=False, autoflush=False)

    @contextmanager
    def session(
        self, *, gives_way: bool = False, patience_seconds: float = BUSY_SECONDS, urgent: bool = False
    ) -> Iterator[Session]:
        """``gives_way``: nobody waits for this one: whoever else wants to write goes first, and on a full disk what
        room there is. ``patience_seconds``: how long it waits for another writer. ``urgent``: an order, see above."""
        if urgent and self._spare and not self._is_free(self._spare):
            with _unavailable_named(), self._spare.session(self._info(), commit) as session:
                yield session
            return
        if gives_way and self._folder is not None and disk_space.is_gone(self._folder):
            raise Unavailable("database.disk_full")
        engine = self.engine.execution_options(loa_patience=patience_seconds)
        with (
            _unavailable_named(),
            self._turns.taken(gives_way=gives_way),
            self._session(bind=engine, info=self._info()) as session,
            self._written_back(session),
        ):
            yield session
            commit(session)

    @property
    def is_spared(self) -> bool:
        """Whether orders lie in the spare that are not in the database yet."""
        return self._spare is not None and self._spare.active

    def takes_writes(self, patience_seconds: float) -> bool:
        """Whether it gives a writer its lock within so long."""
        try:
            with self.engine.execution_options(loa_patience=patience_seconds).begin() as connection:
                if self.url.get_backend_name() == "postgresql":
                    connection.exec_driver_sql(f"LOCK TABLE {ORDERED_INTO} IN ROW EXCLUSIVE MODE")
                    connection.exec_driver_sql("SELECT 1 FROM changes FOR UPDATE")
                connection.rollback()
        except OperationalError:
            return False
        return True

    def prepare_spare(self) -> None:
        """So that the first order while the database is locked waits for nothing that can be done beforehand."""
        if self._spare is not None:
            with suppress(OperationalError):  # then it is made when it is needed
                self._spare.prepare()

    def reserve_room(self) -> None:
        """Keep some for people's orders when the disk is full. SQLite only: a server's disk is its administrator's."""
        if self._folder is not None and self.url.database:
            with self.engine.connect() as held_open:
                held_open.rollback()
                disk_space.reserve(Path(self.url.database))

    @contextmanager
    def reading(self, *, urgent: bool = False) -> Iterator[Session]:
        if urgent and self._spare and self._spare.active:
            with _unavailable_named(), self._spare.reading(self._info()) as session:
                yield session
            return
        with _unavailable_named(), self._reading(info=self._info()) as session:
            yield session

    def migrate(self) -> None:
        """Bring the schema up to date. Several processes may do so at once; the first does the work."""
        patient = self.engine.execution_options(loa_patience=MIGRATION_SECONDS)
        with _unavailable_named(), patient.connect() as connection, connection.begin():
            _lock_migrations(connection)
            upgrade(connection, audit_key=self._audit_key)

    def version(self) -> int | None:
        """The same number as long as nobody commits anything; None where that cannot be told, as while orders go to
        the spare."""
        return None if self.is_spared else self._version.read()

    def dispose(self) -> None:
        self._version.close()
        self.engine.dispose()

    def _is_free(self, spare: Spare) -> bool:
        """Whether an order may go into the database itself."""
        if spare.active:
            return self.takes_writes(STILL_LOCKED_SECONDS)
        if self.takes_writes(FOREIGN_SECONDS):
            return True
        until, foreign = time.monotonic() + URGENT_SECONDS - FOREIGN_SECONDS, 0
        while foreign < SURE_TIMES and time.monotonic() < until:
            foreign = 0 if self._writers.any() else foreign + 1
            if self.takes_writes(STILL_LOCKED_SECONDS):
                return True
        return False

    def _written_back(self, session: Session) -> AbstractContextManager[None]:
        """What lies in the spare becomes part of this transaction."""
        if self._spare and self._spare.active:
            session.connection()  # takes the lock
            return self._spare.merged(session)
        return nullcontext()

    def _info(self) -> dict[str, object]:
        return {audit.KEY: self._audit_key, audit.ADDRESS: self.origin(), "clips_dir": self.clips_dir}


def _engine(url: URL, writers: OwnWriters) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, writers)
    engine = create_engine(
        url, pool_pre_ping=True, pool_size=10, max_overflow=MOST_CONNECTIONS - 10, connect_args={"connect_timeout": 10}
    )
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _sqlite(url: URL, writers: OwnWriters) -> Engine:
    if url.database:
        _make_private(Path(url.database))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=10, max_overflow=-1)
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", lambda connection: _begin_sqlite(connection, writers))
    event.listen(engine, "checkin", lambda _connection, record: writers.end(record.info))
    return engine


def _folder(url: URL) -> Path | None:
    """Where SQLite's file lies."""
    return Path(url.database).absolute().parent if url.get_backend_name() == "sqlite" and url.database else None


def _beside(url: URL, name: str) -> Path | None:
    """A file beside SQLite's; a server with locks on rows needs none."""
    return Path(f"{url.database}-{name}") if url.get_backend_name() == "sqlite" and url.database else None


def _spare_file(url: URL, folder: Path | None) -> Path | None:
    """Where the spare lies when there is one; None for a server's database of which no folder is known."""
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}-spare") if url.database else None
    return folder / "orders-spare" if folder else None


def _make_private(path: Path) -> None:
    """The file is its owner's alone from the first moment; SQLite gives its companions the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)


def _open_sqlite(connection: Any, _record: Any) -> None:
    text_search.add_to_sqlite(connection)
    connection.isolation_level = None  # the driver's own BEGIN comes too late to hold what was read
    cursor = connection.cursor()
    _log_ahead(cursor)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _log_ahead(cursor: Any) -> None:
    """The write-ahead log. Where several processes open a new file at once, one may see the other's half of it and be
    told of a disk error, which is over a moment later."""
    for left in reversed(range(FIRST_OPENINGS)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not left or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_IOERR:
                raise
            time.sleep(0.1)


def _begin_sqlite(connection: Connection, writers: OwnWriters) -> None:
    reading = connection.get_execution_options().get("loa_read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    patience_seconds = connection.get_execution_options().get("loa_patience", BUSY_SECONDS)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience_seconds * 1000)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
    if not reading:
        writers.begin(connection.info)


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("loa_read_only", False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    if patience_seconds := connection.get_execution_options().get("loa_patience"):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(patience_seconds * 1000)}ms'")


def _lock_migrations(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(7017500)"))


@contextmanager
def _unavailable_named() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unavailable("database.no_answer") from error
    except DatabaseError as error:
        if _is_damaged(error.orig):
            raise Unavailable("database.damaged", cause=error.orig) from error
        raise


def _is_damaged(error: BaseException | None) -> bool:
    """SQLite's word for a file that is none of its own, or not whole any more."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
