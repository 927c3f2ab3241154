"""How a database looked at some moment, to be brought back: SQLite's file, or the tables of PostgreSQL that differ."""

import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, event

from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Base

WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_written: defaultdict[str, set[str]] = defaultdict(set)
"""Tables that this process wrote since somebody asked, by the database they are in."""


class Copies(Protocol):
    """Moments of one database by their numbers; 0 is what it began with."""

    def fresh(self) -> None:
        """Begin again, whatever a test has left open."""

    def keep(self, moment: int) -> None:
        """Remember how it is now."""

    def bring(self, moment: int) -> None:
        """Let it be as it was then."""

    def wrote(self) -> bool:
        """Whether anybody wrote since this was asked last, or since it was brought to a moment."""

    def at_rest(self) -> bool:
        """Whether nobody is in the middle of anything."""


class SqliteCopies:
    """Files beside the database's own, which is as its moment 0 says once it was made ``fresh``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._path = Path(database.url.database or "")

    def fresh(self) -> None:
        self.bring(0)

    def keep(self, moment: int) -> None:
        self._database.dispose()  # the last to leave writes everything into the file itself
        shutil.copy(self._path, self.file(moment))

    def bring(self, moment: int) -> None:
        self._database.dispose()
        for end in ("-wal", "-shm"):
            self._path.with_name(f"{self._path.name}{end}").unlink(missing_ok=True)
        shutil.copy(self.file(moment), self._path)
        self.wrote()

    def file(self, moment: int) -> Path:
        return self._path.with_name(f"{self._path.name}-at-{moment}")

    def wrote(self) -> bool:
        return bool(_written.pop(str(self._path), None))

    def at_rest(self) -> bool:
        return _is_at_rest(self._database)


class PostgresqlCopies:
    """Of each moment a schema with the tables that differ from the beginning; making a database for each test takes a
    second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._differing: dict[int, set[str]] = {}
        self._now: set[str] = set(Base.metadata.tables)
        self.keep(0)
        self._differing[0] = self._now = set()

    def fresh(self) -> None:
        """Whoever a test left in the middle of something is shut out first, or we might wait for its locks."""
        busy = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        self._return_to(0, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {busy}")

    def keep(self, moment: int) -> None:
        self.wrote()
        stored = [f"CREATE TABLE at_{moment}.{table} AS TABLE public.{table}" for table in sorted(self._now)]
        self._run(f"CREATE SCHEMA at_{moment}", *stored)
        self._differing[moment] = set(self._now)

    def bring(self, moment: int) -> None:
        self._return_to(moment)

    def wrote(self) -> bool:
        tables = _written.pop(str(self._database.url.database), set())
        self._now |= tables
        return bool(tables)

    def at_rest(self) -> bool:
        return _is_at_rest(self._database)

    def _return_to(self, moment: int, *first: str) -> None:
        """What was written is written back, in one message to the server over a connection that stays: a new one costs
        as much as a test. As a replica, PostgreSQL asks neither foreign keys nor our append-only triggers."""
        self.wrote()
        then = self._differing[moment]
        statements = [*first, "SET LOCAL session_replication_role = replica"]
        for table in sorted(self._now | then):
            source = f"at_{moment if table in then else 0}.{table}"
            statements += [f"DELETE FROM public.{table}", f"INSERT INTO public.{table} SELECT * FROM {source}"]
        self._run(*statements)
        self.wrote()
        self._now = set(then)

    def _run(self, *statements: str) -> None:
        with self._database.engine.begin() as connection:
            connection.exec_driver_sql("; ".join(statements))


def all_may_be_written(database: Database) -> None:
    """Somebody else, perhaps another process, is let in."""
    _written[str(database.url.database)].update(Base.metadata.tables)


def _is_at_rest(database: Database) -> bool:
    return database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@event.listens_for(Engine, "before_cursor_execute")
def _note_tables(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    """Which tables anybody in this process writes."""
    if not statement.startswith("SELECT"):
        tables = Base.metadata.tables.keys() & WRITES.findall(statement)
        if tables:
            _written[str(connection.engine.url.database)].update(tables)
