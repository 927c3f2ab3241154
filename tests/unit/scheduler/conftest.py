"""The scheduler writes into the station's databases, so its tests run on both; PostgreSQL's half is integration.

The commune is made once for each and copied for every test, under one engine, whose compiled statements are kept.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from broadcaster.station import passwords
from broadcaster.station.database import Database
from tests.rig import commune as rig
from tests.rig import postgres

House = tuple[Database, rig.Commune]


@pytest.fixture(scope="session")
def _quick_passwords() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def sqlite_house(tmp_path_factory: pytest.TempPathFactory, _quick_passwords: None) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("scheduler")
    commune = _settle(f"sqlite:///{folder}/template.db")
    database = Database(f"sqlite:///{folder}/loa.db")
    yield database, commune
    database.dispose()


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    with postgres.Cluster() as made:
        yield made


@pytest.fixture(scope="session")
def postgres_house(cluster: postgres.Cluster, _quick_passwords: None) -> Iterator[House]:
    commune = _settle(cluster.create("template_of_scheduler"))
    url = cluster.create("scheduler", template="template_of_scheduler")
    database = Database(url)
    yield database, commune
    database.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def house(request: pytest.FixtureRequest) -> House:
    found: House = request.getfixturevalue("sqlite_house" if request.param == "sqlite" else "postgres_house")
    database, _ = found
    database.dispose()
    if request.param == "sqlite":
        path = Path(database.url.database or "")
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        shutil.copy(path.with_name("template.db"), path)
        return found
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    cluster.drop(database.url.render_as_string())
    cluster.create("scheduler", template="template_of_scheduler")
    return found


@pytest.fixture
def database(house: House) -> Database:
    return house[0]


@pytest.fixture
def commune(house: House) -> rig.Commune:
    return house[1]


def _settle(url: str) -> rig.Commune:
    database = Database(url)
    database.migrate()
    commune = rig.settle(database)
    database.dispose()
    return commune
