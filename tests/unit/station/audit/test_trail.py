"""Finding acts again in the audit trail, and noticing who tampered with it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from broadcaster.refusals.reasons import Reason
from broadcaster.station.audit import trail as audit_trail
from broadcaster.station.audit.trail import AuditQuery
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import findings as findings
from broadcaster.station.people import people
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def acts(database: Database, wanted: AuditQuery) -> list[str]:
    with database.reading() as s:
        return [entry.action for entry in audit_trail.listing(s, wanted).items]


def test_acts_are_found_by_kind_person_words_and_time_the_latest_first(database: Database, commune: Commune) -> None:
    later = NOW + timedelta(days=2)
    with database.session() as s:
        person = people.get(s, commune.officer.id)
        people.disable(s, person=person, by=commune.administrator, now_at=later)
    assert acts(database, AuditQuery(kind="person", from_at=later)) == ["person.disabled"]
    assert acts(database, AuditQuery(person_id=commune.administrator.id)) == ["person.disabled"]
    assert acts(database, AuditQuery(query="CANBO"))[0] == "person.disabled"
    assert set(acts(database, AuditQuery(kind="node"))) == {"node.added"}
    assert "person.disabled" not in acts(database, AuditQuery(until_at=later))
    assert acts(database, AuditQuery(query="100%")) == []


def test_a_whole_chain_is_found_whole_and_the_finding_kept(database: Database, commune: Commune) -> None:
    with database.session() as s:
        assert audit_trail.last_finding(s) is None
        finding = audit_trail.look_over(s, now_at=NOW)
        audit_trail.note(s, finding)
    assert finding.problems == ()
    assert finding.entries > 5
    with database.reading() as s:
        assert audit_trail.last_finding(s) == finding


def test_a_changed_entry_and_a_missing_one_are_named(database: Database, commune: Commune) -> None:
    if database.engine.dialect.name != "sqlite":
        return  # there only the owner of the tables can switch the triggers off, and the point is the same
    with database.engine.begin() as connection:
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_entries_no_{verb}"))
        connection.execute(text("UPDATE audit_entries SET person_name = 'Ai đó' WHERE number = 2"))
        connection.execute(text("DELETE FROM audit_entries WHERE number = 4"))
    with database.reading() as s:
        problems = audit_trail.look_over(s, now_at=NOW).problems
    with database.session() as s:
        audit_trail.note(s, audit_trail.look_over(s, now_at=NOW))
        assert [each.kind for each in findings.findings(s, now_at=NOW)] == ["audit_broken"]
    assert Reason("audit.entry_changed", number=2) in problems
    assert Reason("audit.entry_missing", number=5) in problems
