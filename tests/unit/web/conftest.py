"""A console for each test, over a copy of one seeded commune."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from broadcaster.config import Config
from broadcaster.station.database import Database
from tests.unit.web.commune import Commune, open_console, seed
from web import create_app
from web.security import limiter


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("seeded") / "data"
    seed(Config(data_dir=data_dir))
    return data_dir


@pytest.fixture(scope="session")
def app(seeded: Path) -> Iterator[Flask]:
    """One application for all tests: reading its pages' templates once is most of the work."""
    config = Config(data_dir=seeded)
    database = Database(config.database_url)
    app = create_app(config, database)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    yield app
    database.dispose()


@pytest.fixture
def commune(app: Flask, seeded: Path, tmp_path: Path) -> Iterator[Commune]:
    limiter.reset()
    opened = open_console(app, seeded, tmp_path / "data")
    yield opened
    opened.app.extensions["loa"].watcher.stop()
    opened.database.dispose()
