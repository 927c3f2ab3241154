"""Real processes on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.station.database import Database
from tests.rig import commune as rig
from tests.rig import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/loa.db"
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    return cluster.create()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(url)
    made.migrate()
    yield made
    made.dispose()


@pytest.fixture
def commune(database: Database) -> rig.Commune:
    return rig.settle(database)
