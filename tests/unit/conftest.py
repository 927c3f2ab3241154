"""What several rooms' tests start from."""

from pathlib import Path

import pytest

from broadcaster.station.database import Database


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("bare") / "loa.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path
