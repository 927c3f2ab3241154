"""The audit trail tells when somebody touched it."""

import pytest
from sqlalchemy import text

from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def record(database: Database, commune: Commune, action: str) -> None:
    with database.session() as s:
        audit.record(s, by=commune.officer, action=action, subject="thử", now_at=NOW, details={"số": 1})


def unlocked(database: Database, statement: str) -> None:
    """What somebody with the database's own password could do."""
    with database.session() as s:
        if database.url.get_backend_name() == "sqlite":
            s.execute(text("DROP TRIGGER audit_entries_no_update"))
            s.execute(text("DROP TRIGGER audit_entries_no_delete"))
        else:
            s.execute(text("SET LOCAL session_replication_role = replica"))
        s.execute(text(statement))


def test_an_untouched_trail_is_whole(database: Database, commune: Commune) -> None:
    record(database, commune, "một")
    record(database, commune, "hai")
    with database.reading() as s:
        assert audit.verify(s) == []


def test_the_database_refuses_to_change_or_delete_an_entry(database: Database, commune: Commune) -> None:
    for statement in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"):
        with pytest.raises(Exception, match="append-only"), database.session() as s:
            s.execute(text(statement))


def test_a_changed_entry_is_found(database: Database, commune: Commune) -> None:
    record(database, commune, "một")
    unlocked(database, "UPDATE audit_entries SET person_name = 'Ai đó' WHERE action = 'một'")
    with database.reading() as s:
        problems = audit.verify(s)
    assert len(problems) == 1
    assert problems[0].reason.code == "audit.entry_changed"


def test_a_removed_entry_is_found(database: Database, commune: Commune) -> None:
    for action in ("một", "hai", "ba"):
        record(database, commune, action)
    unlocked(database, "DELETE FROM audit_entries WHERE action = 'hai'")
    with database.reading() as s:
        assert any(problem.reason.code == "audit.entry_missing" for problem in audit.verify(s))
