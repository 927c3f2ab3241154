"""The scheduler as it runs: ticking by itself, working in what changed."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from broadcaster.config import Config
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Broadcast, Occurrence
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from scheduler.service import SchedulerService
from tests.rig.commune import NOW, Commune, approved
from tests.rig.running.busy import await_fact

pytestmark = pytest.mark.integration


class Clock:
    def __init__(self) -> None:
        self.now_at = NOW

    def __call__(self) -> datetime:
        return self.now_at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(database: Database, clock: Clock) -> Iterator[SchedulerService]:
    service = SchedulerService(database, Config(), clock)
    service.start()
    yield service
    service.stop()


def eventually(condition: Callable[[], bool], seconds: float = 60) -> None:
    await_fact(condition, seconds=seconds)


def count(database: Database, kind: type[Broadcast] | type[Occurrence], *conditions: object) -> int:
    with database.reading() as s:
        return s.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0  # type: ignore[arg-type]


def test_a_slot_and_what_is_put_into_it_are_planned_by_themselves(
    database: Database, commune: Commune, service: SchedulerService
) -> None:
    with database.session() as s:
        rule = {"weekdays": list(range(7)), "times": ["17:00"]}
        slot = slots.add_slot(s, name="Chiều", rule=rule, zones=["con-minh"], by=None, now_at=NOW)
    eventually(lambda: count(database, Occurrence) == 2)
    announcement = approved(database, commune)
    with database.session() as s:
        item = slots.put(s, slot=slot, announcement=announcement, first_on=NOW.date(), by=commune.officer, now_at=NOW)
    eventually(lambda: count(database, Broadcast) == 1)
    with database.session() as s:
        slots.take_out(s, item=slots.get_item(s, item.id), by=commune.officer, now_at=NOW)
    eventually(lambda: count(database, Broadcast, Broadcast.state == BroadcastState.CANCELLED) == 1)


def test_what_nobody_reported_is_closed_when_its_time_is_over(
    database: Database, commune: Commune, clock: Clock
) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        order = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)
    clock.now_at = order.expires_at + timedelta(minutes=1)
    service = SchedulerService(database, Config(), clock)
    service.start()
    try:
        eventually(lambda: count(database, Broadcast, Broadcast.state == BroadcastState.MISSED) == 1)
    finally:
        service.stop()


def test_every_coming_moment_is_a_date_job_and_goes_with_what_it_was_for(
    database: Database, commune: Commune, service: SchedulerService
) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        rule = {"weekdays": list(range(7)), "times": ["17:00"]}
        slot = slots.add_slot(s, name="Chiều", rule=rule, zones=["con-minh"], by=None, now_at=NOW)
        item = slots.put(s, slot=slot, announcement=announcement, first_on=NOW.date(), by=commune.officer, now_at=NOW)
    eventually(lambda: count(database, Broadcast) == 1)
    eventually(lambda: {"assemble", "readiness", "start", "settle"} <= kinds(service))
    with database.session() as s:
        slots.take_out(s, item=slots.get_item(s, item.id), by=commune.officer, now_at=NOW)
    eventually(lambda: not {"start", "settle"} & kinds(service))


def test_a_date_without_anything_to_play_waits_and_does_not_keep_the_machine_busy(
    database: Database, commune: Commune, service: SchedulerService
) -> None:
    with database.session() as s:
        rule = {"weekdays": list(range(7)), "times": ["12:00", "17:00"]}
        slots.add_slot(s, name="Trống", rule=rule, zones=["con-minh"], by=None, now_at=NOW)
    eventually(lambda: count(database, Occurrence, Occurrence.state == OccurrenceState.EMPTY) >= 2)
    with database.reading() as s:
        empty = s.scalars(select(Occurrence.id).where(Occurrence.state == OccurrenceState.EMPTY)).all()
    at_once = {f"moment:assemble:{each}" for each in empty}
    eventually(lambda: "empty" in jobs(service) and jobs(service).isdisjoint(at_once))


def jobs(service: SchedulerService) -> set[str]:
    return {job.id for job in service._jobs.get_jobs()}


def kinds(service: SchedulerService) -> set[str]:
    return {job.id.split(":")[1] for job in service._jobs.get_jobs() if job.id.startswith("moment:")}


def test_it_goes_on_when_the_wall_clock_is_set_back(
    database: Database, commune: Commune, service: SchedulerService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """APScheduler would sleep until its wall clock caught up; the watch over the clock wakes it."""
    eventually(lambda: service._seen is not None)
    for job in service._jobs.get_jobs():
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 3600)
    with database.session() as s:
        rule = {"weekdays": list(range(7)), "times": ["17:00"]}
        slots.add_slot(s, name="Chiều", rule=rule, zones=["con-minh"], by=None, now_at=NOW)
    eventually(lambda: count(database, Occurrence) == 2)
