"""Room is kept inside the database: what fills the disk cannot take it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from broadcaster.errors import Unavailable
from broadcaster.station.database import disk_space
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import settings

pytestmark = pytest.mark.integration


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/loa.db")
    made.migrate()
    yield made
    made.dispose()


def free_pages(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        return int(connection.execute("PRAGMA freelist_count").fetchone()[0]) * int(size)


def test_it_is_reserved_once_in_the_file_and_in_its_log(database: Database, tmp_path: Path) -> None:
    database.reserve_room()
    sizes = [(tmp_path / name).stat().st_size for name in ("loa.db", "loa.db-wal")]
    assert free_pages(tmp_path / "loa.db") >= disk_space.RESERVED_BYTES
    assert sizes[0] >= disk_space.RESERVED_BYTES
    assert sizes[1] >= disk_space.AT_ONCE_BYTES
    database.reserve_room()
    assert (tmp_path / "loa.db").stat().st_size == sizes[0]


def test_nothing_is_reserved_where_there_is_little_room(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_space, "free_bytes", lambda _folder: disk_space.RESERVED_BYTES)
    before = (tmp_path / "loa.db").stat().st_size
    database.reserve_room()
    assert (tmp_path / "loa.db").stat().st_size == before


def test_with_no_room_left_people_write_and_what_can_wait_does_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_space, "free_bytes", lambda _folder: 0)
    with database.session() as s:
        settings.write(s, "chosen", 1)
    with pytest.raises(Unavailable) as refused, database.session(gives_way=True):
        pass
    assert refused.value.code == "database.disk_full"


def test_it_says_whether_it_takes_writes(database: Database, tmp_path: Path) -> None:
    assert database.takes_writes(0.1)
    with closing(sqlite3.connect(tmp_path / "loa.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not database.takes_writes(0.1)
        with pytest.raises(Unavailable), database.session(patience_seconds=0.1) as s:
            settings.write(s, "chosen", 1)
