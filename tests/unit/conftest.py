"""What several rooms' tests start from, and which of them are more than unit tests."""

from pathlib import Path

import pytest

from broadcaster.station.database import Database

WITH_DATABASE = {"bare", "database", "house", "commune", "cluster"}
"""Fixtures that stand for a real database, be it only a file."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test on a real database is an integration test, wherever its room keeps it: the fast gate leaves it out."""
    for item in items:
        if WITH_DATABASE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.integration)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("bare") / "loa.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path
