"""A console for each test, over a copy of one seeded commune.

On SQLite alone: no room of the console writes a query (``tests/unit/web/test_rooms.py``), and what it calls of the
station is tested on both databases by the station's own tests.

The console is imported where it is built: the fast gate reads this file and has no use for one.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask

    from tests.unit.web.commune import Commune


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder in memory where the system has one: these tests are not about the disk."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def seeded(memory: Path, quick_passwords: None) -> Path:
    from broadcaster.config import Config
    from tests.unit.web.commune import seed

    data_dir = memory / "seeded"
    seed(Config(data_dir=data_dir))
    return data_dir


@pytest.fixture(scope="session")
def app(seeded: Path, memory: Path) -> Iterator[Flask]:
    from broadcaster.config import Config
    from broadcaster.station.database.engine import Database
    from web.app import create_app

    data_dir = memory / "console"
    shutil.copytree(seeded, data_dir)
    config = Config(data_dir=data_dir)
    database = Database(config.database_url)
    app = create_app(config, database)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    yield app
    database.dispose()


@pytest.fixture
def commune(app: Flask, seeded: Path) -> Iterator[Commune]:
    from tests.unit.web.commune import reset
    from web.security.protection import limiter

    limiter.reset()
    yield reset(app, seeded)
    app.extensions["loa"].watcher.stop()
