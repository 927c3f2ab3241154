"""The last instant vouched for is kept in the database, and a clock in doubt does not write there."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.config import Config
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Broadcast
from broadcaster.station.vocabulary.states import BroadcastState
from broadcaster.station_clock import Known, last_known
from scheduler.service import SchedulerService
from tests.rig.commune import NOW, Commune, approved
from tests.unit.broadcaster.test_station_clock import HOUR, Machine

pytestmark = pytest.mark.integration


def test_a_new_station_knows_no_instant(database: Database) -> None:
    with database.reading() as s:
        assert last_known(s) is None


def test_a_station_that_never_kept_one_goes_by_its_newest_sign_of_life(database: Database) -> None:
    with database.session() as s:
        heartbeats.beat(s, "station", NOW)
        heartbeats.beat(s, "renderer", NOW - timedelta(days=2))
    with database.reading() as s:
        assert last_known(s) == Known(NOW)


def test_what_is_kept_is_found_again_whatever_other_parts_wrote(database: Database) -> None:
    machine = Machine(synced=True)
    clock = machine.clock(trust=False)
    with database.session() as s:
        clock.keep(s)
        heartbeats.beat(s, "publisher", NOW + timedelta(days=700))
    with database.reading() as s:
        assert last_known(s) == Known(NOW, "boot-1", 1000.0, 1000.0)


def test_a_clock_in_doubt_keeps_nothing(database: Database) -> None:
    machine = Machine()
    clock = machine.clock(trust=True)
    machine.is_set_by(7 * HOUR)
    with database.session() as s:
        clock.keep(s)
    with database.reading() as s:
        assert last_known(s) is None


def test_a_station_seven_hours_ahead_closes_nothing_and_goes_on_when_it_is_right_again(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        order = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)
    machine = Machine()
    machine.is_set_by(7 * HOUR)
    clock = machine.clock(trust=True, known=Known(NOW, "boot-1", 1000.0))
    service = SchedulerService(
        database, Config(data_dir=tmp_path), lambda: machine.wall_at, vouched=lambda: clock.vouched
    )

    def everything_due() -> None:
        for work in (service.plan, service.settle, service.look_out, service.tidy):
            work()

    everything_due()
    machine.passes(16)
    everything_due()
    assert state_of(database, order.id) is not BroadcastState.MISSED
    machine.is_set_by(-7 * HOUR)
    everything_due()
    assert state_of(database, order.id) is not BroadcastState.MISSED
    machine.passes((order.expires_at - machine.wall_at).total_seconds() + 60)
    everything_due()
    assert state_of(database, order.id) is BroadcastState.MISSED


def state_of(database: Database, broadcast_id: str) -> BroadcastState:
    with database.reading() as s:
        found = s.get(Broadcast, broadcast_id)
        assert found is not None
        return found.state
