"""What several rooms' tests start from, and which of them are more than unit tests."""

import gc
from pathlib import Path

import pytest

gc.disable()  # until all is imported and collected, which leaves no garbage worth looking for
WITH_DATABASE = {"bare", "database", "prepared", "commune", "cluster"}
"""Fixtures that stand for a real database, be it only a file."""
WHOLE_FILES = {kind: f"\npytestmark = pytest.mark.{kind}" for kind in ("integration", "long")}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file of tests that are all left out is not even read: reading and importing is most of the fast gate's time."""
    absent = [mark for kind, mark in WHOLE_FILES.items() if f"not {kind}" in config.option.markexpr]
    if not absent or collection_path.suffix != ".py":
        return None
    text = collection_path.read_text(encoding="utf-8")
    return True if any(mark in text for mark in absent) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test on a real database is an integration test, wherever its room keeps it: the fast gate leaves it out."""
    for item in items:
        if WITH_DATABASE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.integration)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: from here on garbage is looked for only in what is newer."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with tables and nothing in them, to be copied."""
    from broadcaster.station.database.engine import Database  # only where it is used: its libraries take long to import

    path = tmp_path_factory.mktemp("bare") / "loa.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.dispose()
    return path
