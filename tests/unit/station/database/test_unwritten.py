"""Looks are spared while nobody writes, and never when somebody did."""

import subprocess
import sys

from broadcaster.station.database.engine import Database
from broadcaster.station.database.unwritten import Unwritten
from broadcaster.station.rows import changes
from tests.rig.databases import PreparedDatabase

WRITE = """import sys
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import changes
with Database(sys.argv[1]).session() as s:
    changes.bump(s, "agendas")
"""


class Seconds:
    """A monotonic clock moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def write(database: Database) -> None:
    with database.session() as s:
        changes.bump(s, "agendas")


def spares(database: Database) -> bool:
    """A server says nothing, so every look is taken there."""
    return database.url.get_backend_name() == "sqlite"


def test_the_first_look_is_taken_and_the_next_ones_are_spared(database: Database) -> None:
    unwritten = Unwritten(database, at_most_seconds=60)
    assert not unwritten.still()
    assert [unwritten.still() for _ in range(3)] == 3 * [spares(database)]


def test_whoever_writes_is_seen_at_once_and_once(database: Database) -> None:
    unwritten = Unwritten(database, at_most_seconds=60)
    unwritten.still()
    for _ in range(20):
        write(database)
        assert not unwritten.still()
        assert unwritten.still() is spares(database)


def test_each_of_two_sees_a_write(database: Database) -> None:
    first, second = (Unwritten(database, at_most_seconds=60) for _ in range(2))
    first.still(), second.still()
    write(database)
    assert (first.still(), second.still()) == (False, False)


def test_another_process_that_writes_is_seen(prepared: PreparedDatabase) -> None:
    unwritten = Unwritten(prepared.database, at_most_seconds=60)
    unwritten.still()
    subprocess.run([sys.executable, "-c", WRITE, prepared.url()], check=True, timeout=120)
    assert not unwritten.still()


def test_reading_is_no_writing(database: Database) -> None:
    unwritten = Unwritten(database, at_most_seconds=60)
    unwritten.still()
    with database.reading() as s:
        changes.read(s)
    with database.session() as s:
        changes.read(s)
    assert unwritten.still() is spares(database)


def test_what_falls_due_by_the_clock_is_looked_for(database: Database) -> None:
    clock = Seconds()
    unwritten = Unwritten(database, at_most_seconds=5, monotonic=clock)
    unwritten.still()
    clock.now = 4.9
    assert unwritten.still() is spares(database)
    clock.now = 5.0
    assert not unwritten.still()


def test_a_look_that_failed_is_taken_again(database: Database) -> None:
    unwritten = Unwritten(database, at_most_seconds=60)
    unwritten.still()
    unwritten.forget()
    assert not unwritten.still()


def test_orders_in_the_spare_are_looked_for(database: Database, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    unwritten = Unwritten(database, at_most_seconds=60)
    unwritten.still()
    monkeypatch.setattr(Database, "is_spared", True)
    assert [unwritten.still() for _ in range(2)] == [False, False]
