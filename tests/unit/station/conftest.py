"""Every test of the station runs on both databases; PostgreSQL's half carries the marker ``integration``.

The commune is made once for each and copied for every test.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from broadcaster.station import passwords
from broadcaster.station.database import Database
from tests.rig import commune as rig
from tests.rig import postgres

TEMPLATE = "loa_template"


@dataclass(frozen=True)
class House:
    """url: of a database with a commune in it; commune: that commune."""

    url: str
    commune: rig.Commune


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """argon2id with the least work it can do: the tests are about who gets in, not about how long it takes."""
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, _quick_passwords: None) -> House:
    return _settled(f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/template.db")


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    reason = postgres.missing()
    if reason:
        pytest.skip(reason)
    with postgres.Cluster() as made:
        yield made


@pytest.fixture(scope="session")
def postgres_template(cluster: postgres.Cluster, _quick_passwords: None) -> House:
    return _settled(cluster.create(TEMPLATE))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "sqlite":
        template: House = request.getfixturevalue("sqlite_template")
        shutil.copy(template.url.removeprefix("sqlite:///"), tmp_path / "loa.db")
        yield House(f"sqlite:///{tmp_path}/loa.db", template.commune)
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    template = request.getfixturevalue("postgres_template")
    url = cluster.create(template=TEMPLATE)
    yield House(url, template.commune)
    cluster.drop(url)


@pytest.fixture
def database(house: House) -> Iterator[Database]:
    made = Database(house.url)
    yield made
    made.dispose()


@pytest.fixture
def commune(house: House) -> rig.Commune:
    return house.commune


def _settled(url: str) -> House:
    database = Database(url)
    database.migrate()
    commune = rig.settle(database)
    database.dispose()
    return House(url, commune)
