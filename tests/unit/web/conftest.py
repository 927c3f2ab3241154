"""A console for each test, over a copy of one seeded commune."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.config import Config
from tests.unit.web.commune import Commune, open_console, seed


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("seeded") / "data"
    seed(Config(data_dir=data_dir))
    return data_dir


@pytest.fixture
def commune(seeded: Path, tmp_path: Path) -> Iterator[Commune]:
    opened = open_console(seeded, tmp_path / "data")
    yield opened
    opened.app.extensions["loa"].watcher.stop()
    opened.database.dispose()
