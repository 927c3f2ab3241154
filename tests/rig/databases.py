"""A commune in a database, as new for every test; on both databases, PostgreSQL's half carries ``integration``.

These fixtures are at hand in every test. The commune is made once for each database and put back before each test,
under one engine: SQLAlchemy's compiled statements live as long as it, and compiling them is most of a test's time.

What needs SQLAlchemy is imported where it is used: every process of pytest reads this file, also the one that only
hands out the tests.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.rig import postgres

if TYPE_CHECKING:
    from broadcaster.station.database.engine import Database
    from tests.rig import commune as rig
    from tests.rig.setups.remembered import Memory


@dataclass(frozen=True)
class PreparedDatabase:
    """database: with a commune in it; commune: that commune; memory: of what was set up in it."""

    database: Database
    commune: rig.Commune
    memory: Memory

    def url(self) -> str:
        """Where other processes find the database; whatever they may write is put back."""
        from tests.rig.setups.copies import all_may_be_written

        all_may_be_written(self.database)
        return self.database.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def quick_passwords() -> Iterator[None]:
    """argon2id with the least work it can do: the tests are about who gets in, not about how long it takes."""
    from argon2 import PasswordHasher

    from broadcaster.station.people import passwords

    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def prepared_sqlite(quick_passwords: None) -> Iterator[PreparedDatabase]:
    """In memory where the system has a folder there: the tests are not about the disk."""
    from broadcaster.station.database.engine import Database
    from tests.rig.setups.copies import SqliteCopies
    from tests.rig.setups.remembered import Memory

    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        url = f"sqlite:///{folder}/loa"
        commune = _settle(url)
        database = Database(url)
        copies = SqliteCopies(database)
        copies.keep(0)
        yield PreparedDatabase(database, commune, Memory(database, copies))


@pytest.fixture(scope="session")
def prepared_postgresql(cluster: postgres.Cluster, quick_passwords: None) -> Iterator[PreparedDatabase]:
    from broadcaster.station.database.engine import Database
    from tests.rig.setups.copies import PostgresqlCopies
    from tests.rig.setups.remembered import Memory

    url = cluster.create()
    commune = _settle(url)
    database = Database(url)
    yield PreparedDatabase(database, commune, Memory(database, PostgresqlCopies(database)))
    database.dispose()


ON_SQLITE = pytest.mark.parametrize("prepared", ["sqlite"], indirect=True)
"""For many combinations of what each is tried on PostgreSQL elsewhere, and for what mostly waits for its clock."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def prepared(request: pytest.FixtureRequest) -> Iterator[PreparedDatabase]:
    made: PreparedDatabase = request.getfixturevalue(
        "prepared_sqlite" if request.param == "sqlite" else "prepared_postgresql"
    )
    made.memory.begin()
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
    from broadcaster.station.database.engine import Database
    from tests.rig import commune as rig

    database = Database(url)
    database.migrate()
    commune = rig.settle(database)
    database.dispose()
    return commune
