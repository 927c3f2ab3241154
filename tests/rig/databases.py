"""A commune in a database, as new for every test; on both databases, PostgreSQL's half carries ``integration``.

These fixtures are at hand in every test. The commune is made once for each database and put back before each test,
under one engine: SQLAlchemy's compiled statements live as long as it, and compiling them is most of a test's time.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event

from broadcaster.station.database.engine import Database
from broadcaster.station.people import passwords
from broadcaster.station.schema import Base
from tests.rig import commune as rig
from tests.rig import postgres

NAME, TEMPLATE = "loa", "loa_template"
WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_written: set[str] = set(Base.metadata.tables)
"""Tables that may differ from what the commune began with; all of them, until they were made once."""


@dataclass(frozen=True)
class PreparedDatabase:
    """database: with a commune in it; commune: that commune."""

    database: Database
    commune: rig.Commune

    def url(self) -> str:
        """Where other processes find the database; whatever they may write is put back."""
        _written.update(Base.metadata.tables)
        return self.database.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def quick_passwords() -> Iterator[None]:
    """argon2id with the least work it can do: the tests are about who gets in, not about how long it takes."""
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def prepared_sqlite(quick_passwords: None) -> Iterator[PreparedDatabase]:
    """In memory where the system has a folder there: the tests are not about the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        commune = _settle(f"sqlite:///{folder}/{TEMPLATE}")
        yield PreparedDatabase(Database(f"sqlite:///{folder}/{NAME}"), commune)


@pytest.fixture(scope="session")
def prepared_postgresql(cluster: postgres.Cluster, quick_passwords: None) -> Iterator[PreparedDatabase]:
    """What the commune looks like is kept in a schema beside; making a database for each test takes a second."""
    url = cluster.create()
    prepared = PreparedDatabase(Database(url), _settle(url))
    stored = [f"CREATE TABLE kept.{table} AS TABLE public.{table}" for table in Base.metadata.tables]
    with prepared.database.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(["CREATE SCHEMA kept", *stored]))
    yield prepared
    prepared.database.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def prepared(request: pytest.FixtureRequest) -> Iterator[PreparedDatabase]:
    made: PreparedDatabase = request.getfixturevalue(
        "prepared_sqlite" if request.param == "sqlite" else "prepared_postgresql"
    )
    if request.param == "sqlite":
        _fresh_file(made)
    else:
        _fresh_tables(made)
    yield made
    if request.param == "sqlite":
        made.database.dispose()


@pytest.fixture
def database(prepared: PreparedDatabase) -> Database:
    return prepared.database


@pytest.fixture
def commune(prepared: PreparedDatabase) -> rig.Commune:
    return prepared.commune


def _settle(url: str) -> rig.Commune:
    database = Database(url)
    database.migrate()
    commune = rig.settle(database)
    database.dispose()
    return commune


def _fresh_file(prepared: PreparedDatabase) -> None:
    path = Path(prepared.database.url.database or "")
    for name in (f"{NAME}-wal", f"{NAME}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.copy(path.with_name(TEMPLATE), path)


def _fresh_tables(prepared: PreparedDatabase) -> None:
    """What was written is written back, in one message to the server over a connection that stays: a new one costs as
    much as a test. Whoever a test left in the middle of something is shut out first, or we might wait for its locks;
    as a replica, PostgreSQL asks neither foreign keys nor our append-only triggers."""
    busy = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    statements = [
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {busy}",
        "SET LOCAL session_replication_role = replica",
    ]
    for table in sorted(_written):
        statements += [f"DELETE FROM public.{table}", f"INSERT INTO public.{table} SELECT * FROM kept.{table}"]
    with prepared.database.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(statements))
    _written.clear()


@event.listens_for(Engine, "before_cursor_execute")
def _note_tables(_connection: object, _cursor: object, statement: str, *_: object) -> None:
    """Which tables anybody in this process writes, in whatever database."""
    if not statement.startswith("SELECT"):
        _written.update(Base.metadata.tables.keys() & WRITES.findall(statement))
