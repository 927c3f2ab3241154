"""A console for each test, over a copy of one seeded commune."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from broadcaster.config import Config
from broadcaster.station.database import Database
from tests.unit.web.commune import Commune, reset, seed
from web import create_app
from web.security import limiter


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("seeded") / "data"
    seed(Config(data_dir=data_dir))
    return data_dir


@pytest.fixture(scope="session")
def app(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    data_dir = tmp_path_factory.mktemp("console") / "data"
    shutil.copytree(seeded, data_dir)
    config = Config(data_dir=data_dir)
    database = Database(config.database_url)
    app = create_app(config, database)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    yield app
    database.dispose()


@pytest.fixture
def commune(app: Flask, seeded: Path) -> Iterator[Commune]:
    limiter.reset()
    yield reset(app, seeded)
    app.extensions["loa"].watcher.stop()
