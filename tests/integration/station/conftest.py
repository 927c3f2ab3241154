"""Real processes on both databases."""

from pathlib import Path

import pytest

from tests.rig import postgres
from tests.rig.databases import PreparedDatabase


@pytest.fixture
def url(prepared: PreparedDatabase) -> str:
    """Where other processes find the commune's database."""
    return prepared.url()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/loa.db"
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    return cluster.create()
