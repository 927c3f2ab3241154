"""An order asks who holds the database locked: a writer of ours is waited for, somebody else is not."""

import threading
import time
from pathlib import Path

import pytest

from broadcaster.station.database import engine
from broadcaster.station.database.engine import Database
from broadcaster.station.database.own_writers import OwnWriters
from broadcaster.station.rows import changes
from tests.attacks.station.locking import locked

LONG_SECONDS = 60.0


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path}/loa.db", audit_key=b"k" * 32)
    made.migrate()
    return made


def order(database: Database) -> None:
    with database.session(urgent=True) as s:
        changes.bump(s, "jobs")


def test_a_writer_counts_from_its_lock_to_the_end_of_its_connection(tmp_path: Path) -> None:
    mine, asking = OwnWriters(tmp_path / "writes"), OwnWriters(tmp_path / "writes")
    connection: dict[object, object] = {}
    assert not asking.any()
    mine.begin(connection)
    mine.begin(connection)
    assert asking.any()
    mine.end(connection)
    mine.end(connection)
    assert not asking.any()


def test_where_there_is_no_file_everybody_may_be_one_of_ours(tmp_path: Path) -> None:
    assert OwnWriters(None).any()
    assert OwnWriters(tmp_path / "gone" / "writes").any()


def test_an_order_does_not_wait_for_somebody_else(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "URGENT_SECONDS", LONG_SECONDS)
    database.prepare_spare()
    with locked(f"{tmp_path}/loa.db"):
        began = time.monotonic()
        order(database)
        assert time.monotonic() - began < LONG_SECONDS / 2
        assert database.is_spared
    database.dispose()


def test_an_order_waits_for_a_writer_of_ours(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "URGENT_SECONDS", LONG_SECONDS)
    writes, goes_on = threading.Event(), threading.Event()

    def write() -> None:
        other = Database(f"sqlite:///{tmp_path}/loa.db", audit_key=b"k" * 32)
        with other.session() as s:
            changes.bump(s, "jobs")
            s.flush()
            s.connection()
            writes.set()
            goes_on.wait(LONG_SECONDS)
        other.dispose()

    thread = threading.Thread(target=write)
    thread.start()
    assert writes.wait(LONG_SECONDS)
    ordering = threading.Thread(target=order, args=(database,))
    ordering.start()
    ordering.join(5 * engine.FOREIGN_SECONDS)
    assert ordering.is_alive()
    assert not database.is_spared
    goes_on.set()
    thread.join(LONG_SECONDS)
    ordering.join(LONG_SECONDS)
    assert not database.is_spared
    database.dispose()
