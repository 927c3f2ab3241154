"""Several processes at once on one database: nothing is doubled, nothing is lost."""

from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

from broadcaster.station.announcements import announcements
from broadcaster.station.audit import entries as audit
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.schema import AuditEntry, Base, Broadcast, Occurrence, ReceiptRow
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from tests.integration.station.worker import work
from tests.rig.commune import NOW, Commune, approved, write
from tests.rig.setups import forked

pytestmark = [pytest.mark.integration, pytest.mark.long]
PROCESSES = 3
JOBS = 12


def at_once(doing: str, url: str) -> list[list[str]]:
    """Let several processes do it at the same moment; what each says."""
    with ExitStack() as stack:
        workers = [stack.enter_context(forked.running(work, doing, url)) for _ in range(PROCESSES)]
        for each in workers:
            assert each.line.recv() == "ready"
        for each in workers:
            each.line.send("go")
        return [each.line.recv() for each in workers]


def test_every_job_is_claimed_once(database: Database, commune: Commune, url: str) -> None:
    wanted = {write(database, commune.officer, text=f"Bài số {number}.").id for number in range(JOBS)}
    claimed = [job for jobs_of_one in at_once("claim_jobs", url) for job in jobs_of_one]
    assert len(claimed) == len(set(claimed)) == len(wanted)


def test_the_job_of_a_killed_process_is_done_by_another(database: Database, commune: Commune, url: str) -> None:
    write(database, commune.officer)
    with forked.running(work, "hold_a_job", url) as doomed:
        assert doomed.line.recv() == "ready"
        doomed.line.send("go")
        (held,) = doomed.line.recv()
        doomed.kill()
    with database.session() as s:
        assert jobs.claim(s, worker="next", now_at=NOW) is None
        job = jobs.claim(s, worker="next", now_at=NOW + jobs.SILENCE + timedelta(seconds=1))
    assert job is not None
    assert job.id == held


def test_an_occurrence_is_frozen_once_however_many_freeze_it(database: Database, commune: Commune, url: str) -> None:
    rule = {"weekdays": list(range(7)), "times": ["17:00"]}
    announcement = approved(database, commune)
    with database.session() as s:
        slot = slots.add_slot(s, name="Chiều", rule=rule, zones=["con-minh"], by=None, now_at=NOW)
        fresh = announcements.get(s, announcement.id)
        slots.put(s, slot=slot, announcement=fresh, first_on=date(2026, 1, 1), by=commune.officer, now_at=NOW)
        for hours in (7, 31):
            start_at = NOW + timedelta(hours=hours)
            s.add(Occurrence(slot_id=slot.id, start_at=start_at, state=OccurrenceState.PLANNED))
    stated = at_once("freeze", url)
    assert stated[0] == stated[1] == stated[2]
    with database.reading() as s:
        made = s.scalars(select(Broadcast)).unique().all()
        assert sorted(each.id for each in made) == stated[0]
        assert {each.state for each in made} == {BroadcastState.SCHEDULED}
    assert len(stated[0]) == 2


def test_one_key_orders_one_broadcast(database: Database, commune: Commune, url: str) -> None:
    approved(database, commune)
    assert len({ids[0] for ids in at_once("order", url)}) == 1
    with database.reading() as s:
        assert broadcasts.listing(s).total == 1


def test_facts_told_by_everybody_are_kept_once(database: Database, commune: Commune, url: str) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        made = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)
    at_once("state_facts", url)
    with database.reading() as s:
        assert s.scalar(select(func.count()).select_from(ReceiptRow)) == 6
        assert broadcasts.get(s, made.id).state is BroadcastState.COMPLETED


def test_the_audit_trail_stays_one_chain(empty_url: str) -> None:
    database = Database(empty_url)
    database.migrate()
    at_once("record_acts", empty_url)
    with database.reading() as s:
        assert audit.verify(s) == []
        assert s.scalar(select(func.count()).select_from(AuditEntry)) == PROCESSES * 15
    database.dispose()


def test_several_first_starts_make_one_schema(empty_url: str) -> None:
    at_once("migrate", empty_url)
    database = Database(empty_url)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.dispose()
