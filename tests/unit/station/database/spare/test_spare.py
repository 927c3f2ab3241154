"""What is ordered while somebody else holds the database locked, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import changes
from broadcaster.station.rules import stop_all
from broadcaster.station.schema import AgendaIssue, Person, StopAll
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


@pytest.fixture
def guarded(database: Database, tmp_path: Path) -> Iterator[Database]:
    """The commune's database opened as a station does."""
    made = Database(database.url.render_as_string(hide_password=False), spare_folder=tmp_path)
    yield made
    made.dispose()


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """By another program."""
    postgresql = database.url.get_backend_name() == "postgresql"
    with database.engine.connect() as held:
        held.exec_driver_sql("LOCK TABLE changes IN EXCLUSIVE MODE" if postgresql else "SELECT 1")
        yield
        held.rollback()


def silence(database: Database, commune: Commune) -> str:
    with database.session(urgent=True) as s:
        return stop_all.order(s, by=s.get_one(Person, commune.officer.id), reason="thử", now_at=NOW).id


def in_force(database: Database, *, urgent: bool = False) -> StopAll | None:
    with database.reading(urgent=urgent) as s:
        return stop_all.in_force(s)


def test_an_order_goes_to_the_spare_and_comes_back(guarded: Database, database: Database, commune: Commune) -> None:
    with locked(database):
        ordered = silence(guarded, commune)
        assert guarded.is_spared
        assert in_force(guarded) is None
        found = in_force(guarded, urgent=True)
        assert found
        assert found.id == ordered
    with guarded.session():
        pass
    assert not guarded.is_spared
    found = in_force(guarded)
    assert found
    assert (found.id, found.ordered_at) == (ordered, NOW)
    with guarded.reading() as s:
        assert audit.verify(s) == []


def test_one_prepared_beforehand_takes_orders_as_one_made_at_once(
    guarded: Database, database: Database, commune: Commune
) -> None:
    guarded.prepare_spare()
    with database.session() as s:
        changes.bump(s, "nodes")
    with locked(database):
        ordered = silence(guarded, commune)
        with guarded.session(urgent=True) as s:
            assert s.get(Person, commune.officer.id), "what was there before is there"
    with guarded.session():
        pass
    found = in_force(guarded)
    assert found
    assert found.id == ordered


def test_an_order_without_a_lock_goes_to_the_database(guarded: Database, commune: Commune) -> None:
    silence(guarded, commune)
    assert not guarded.is_spared


def test_what_others_wrote_meanwhile_stays(guarded: Database, database: Database, commune: Commune) -> None:
    with locked(database):
        silence(guarded, commune)
        with guarded.session(urgent=True) as s:
            issue = {"digest": "d", "token": b"t", "issued_at": NOW, "expires_at": NOW}
            s.add(AgendaIssue(node_id=commune.strong.id, number=7, **issue))
    stranger = Database(guarded.url.render_as_string(hide_password=False), spare_folder=Path("/nonexistent"))
    if stranger.url.get_backend_name() == "sqlite":
        stranger._spare = None  # a program of before that knows of no spare
    with stranger.session() as s:
        audit.record(s, by=None, action="test.act", subject="giữa chừng", now_at=NOW)
        s.add(AgendaIssue(node_id=commune.strong.id, number=9, **issue))
        changes.bump(s, "agendas")
    with stranger.reading() as s:
        before = changes.read(s)["agendas"]
    stranger.dispose()
    with guarded.session():
        pass
    with guarded.reading() as s:
        assert s.get_one(AgendaIssue, commune.strong.id).number == 9
        assert changes.read(s)["agendas"] > before
        assert audit.verify(s) == []


def test_a_second_order_is_written_into_the_same_spare(guarded: Database, database: Database, commune: Commune) -> None:
    with locked(database):
        silence(guarded, commune)
        with guarded.session(urgent=True) as s:
            stop_all.ask_lift(s, by=s.get_one(Person, commune.officer.id), now_at=NOW)
        with guarded.session(urgent=True) as s:
            stop_all.lift(s, by=s.get_one(Person, commune.approver.id), now_at=NOW)
    with guarded.session():
        pass
    assert in_force(guarded) is None
