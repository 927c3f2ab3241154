"""One way in: what goes wrong inside a session leaves nothing behind."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from broadcaster.errors import Unavailable
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import AuditEntry, Setting
from tests.rig.commune import NOW


def count(database: Database) -> tuple[int, int, dict[str, int]]:
    with database.reading() as s:
        entries, chosen = s.scalars(select(AuditEntry)).all(), s.scalars(select(Setting)).all()
        return len(entries), len(chosen), changes.read(s)


def fail_midway(database: Database) -> None:
    with database.session() as s:
        settings.write(s, "quiet_hours", [])
        audit.record(s, by=None, action="x", subject="y", now_at=NOW)
        s.flush()
        raise RuntimeError


def test_an_exception_rolls_everything_back(database: Database) -> None:
    before = count(database)
    with pytest.raises(RuntimeError):
        fail_midway(database)
    assert count(database) == before


def test_a_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises((DBAPIError, Unavailable)), database.reading() as s:
        s.execute(text("INSERT INTO changes (name, counter) VALUES ('x', 1)"))
    with database.session() as s:
        settings.write(s, "after", 1)


def test_sqlite_survives_power_cuts_by_its_settings(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/loa.db")
    with database.reading() as s:
        answers = [s.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert answers == ["wal", 2, 1]
    database.dispose()


def test_a_database_that_is_gone_is_named_in_one_sentence() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable, match=r"database\.no_answer"), database.session() as s:
        s.execute(text("SELECT 1"))
    database.dispose()


def test_each_change_raises_its_counter_once_per_transaction(database: Database) -> None:
    before = count(database)[2]
    for _ in range(2):
        with database.session() as s:
            changes.bump(s, "nodes")
            changes.bump(s, "nodes")
    assert count(database)[2] == before | {"nodes": before["nodes"] + 2}


def test_a_misspelt_counter_is_an_error(database: Database) -> None:
    with pytest.raises(ValueError, match="nodez"), database.session() as s:
        changes.bump(s, "nodez")
