"""An intake over a small commune's database, for the tests of this folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.units import units
from tests.unit.delivery.intake.intake_bench import NAMES, NOW, IntakeBench, broadcast_row


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("intake") / "template.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.session() as s:
        units.add_unit(s, name="Côn Minh", kind="commune", now_at=NOW)
        for name in NAMES:
            nodes.add_node(s, name=name, unit_id="con-minh", by=None, now_at=NOW, node_id=name)
    with database.session() as s:
        s.add(broadcast_row())
    database.dispose()
    return path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Iterator[IntakeBench]:
    shutil.copy(template, tmp_path / "loa.db")
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    yield IntakeBench(database)
    database.dispose()
