"""A database that rots where nobody reads is noticed all the same."""

import shutil
from pathlib import Path

import pytest

from broadcaster.station.database.engine import Database
from broadcaster.station.upkeep import soundness
from tests.rig.commune import NOW
from tests.unit.backups.conftest import damage

pytestmark = pytest.mark.integration


def test_a_sound_database_has_no_fault(database: Database) -> None:
    assert soundness.fault(database) is None


@pytest.mark.parametrize("spoil", [damage, lambda path: path.write_bytes(b"no database" * 1000)])
def test_a_damaged_one_is_named(tmp_path: Path, bare: Path, spoil: object) -> None:
    path = tmp_path / "loa.db"
    shutil.copy(bare, path)
    spoil(path)  # type: ignore[operator]
    database = Database(f"sqlite:///{path}")
    found = soundness.fault(database)
    database.dispose()
    assert found is not None
    assert found.code == "database.damaged"


def test_what_was_found_is_remembered_until_the_next_look(database: Database) -> None:
    with database.session() as s:
        assert not soundness.is_damaged(s)
        soundness.note(s, soundness.fault(database), now_at=NOW)
        assert not soundness.is_damaged(s)
