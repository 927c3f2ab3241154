"""Several stations at once, and stations killed at any moment: no date is lost, none is doubled."""

import random
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Broadcast, Occurrence
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from tests.integration.scheduler.planner import plan
from tests.rig.commune import NOW, Commune, approved
from tests.rig.databases import PreparedDatabase
from tests.rig.setups import forked
from tests.rig.setups.forked import Forked

pytestmark = [pytest.mark.integration, pytest.mark.long]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TIMES = [f"{hour:02}:00" for hour in range(5, 20)]
ROUNDS = 4
STEP = timedelta(hours=7)
PATIENCE_SECONDS = 60


class Clock:
    """A file that tells every process the time; replaced whole, so that nobody reads half of it. In another beside it
    stands what they complain of."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.complaints = path.with_suffix(".complaints")
        self.complaints.touch()
        self.now_at = NOW

    def set(self, now_at: datetime) -> None:
        self.now_at = now_at
        beside = self.path.with_suffix(".new")
        beside.write_text(now_at.isoformat())
        beside.replace(self.path)


def planner(url: str, clock: Clock) -> Forked:
    return forked.start(plan, url, str(clock.path), str(clock.complaints))


def await_plan(planner: Forked, clock: Clock) -> None:
    """Until it has planned for the present. Raises EOFError when it ended by itself."""
    until = time.monotonic() + PATIENCE_SECONDS
    while planner.line.recv() != clock.now_at:
        assert time.monotonic() < until, "the planner did not keep up"


def end(planner: Forked, clock: Clock) -> None:
    """kill -9, at whatever instruction it is; nobody complained until then."""
    planner.kill()
    planner.line.close()
    complaints = clock.complaints.read_text()
    assert "Error" not in complaints, complaints


def test_two_stations_killed_again_and_again_lose_and_double_nothing(
    prepared: PreparedDatabase, database: Database, commune: Commune, tmp_path: Path
) -> None:
    rule = {"weekdays": list(range(7)), "times": TIMES}
    with database.session() as s:
        slot = slots.add_slot(s, name="Mỗi giờ", rule=rule, zones=["con-minh"], by=None, now_at=NOW, cap_minutes=20)
    announcement = approved(database, commune)
    with database.session() as s:
        first_on = NOW.astimezone(VIETNAM).date()
        slots.put(s, slot=slot, announcement=announcement, first_on=first_on, by=commune.officer, now_at=NOW)

    chance = random.Random(20261121)
    clock = Clock(tmp_path / "clock")
    clock.set(NOW)
    url = prepared.url()
    running = [planner(url, clock), planner(url, clock)]
    try:
        for _ in range(ROUNDS):
            await_plan(running[1], clock)
            clock.set(clock.now_at + STEP)
            time.sleep(chance.uniform(0, 0.5))
            end(running.pop(0), clock)
            running.append(planner(url, clock))
        await_plan(running[0], clock)
    finally:
        for each in running:
            end(each, clock)

    with database.reading() as s:
        found = list(s.scalars(select(Occurrence).order_by(Occurrence.start_at)).unique())
        aired = Counter(s.scalars(select(Broadcast.occurrence_id).where(Broadcast.state != BroadcastState.CANCELLED)))
    begun = [each for each in found if each.start_at <= clock.now_at]
    assert [each.start_at for each in begun] == hours(clock.now_at)
    assert len(begun) >= 20
    late = [(f"{each.start_at:%d %H:%M}", each.reason) for each in begun if each.state is not OccurrenceState.FROZEN]
    assert late == []
    assert {aired[each.id] for each in begun} == {1}


def hours(until_at: datetime) -> list[datetime]:
    """Every date the slot must have had by then."""
    all_of_them = (NOW + timedelta(hours=1) * each for each in range(2000))
    return [at for at in all_of_them if at <= until_at and f"{at.astimezone(VIETNAM):%H:%M}" in TIMES]
