"""While its clock is in doubt the station goes by the best time it knows, and so does the console beside it."""

from datetime import timedelta

import pytest

from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats
from broadcaster.station_clock import (
    HEARD_SECONDS,
    PROVEN_SECONDS,
    START_STEADY_SECONDS,
    STATED_SECONDS,
    AskedClock,
    Known,
    Sources,
    StationClock,
)
from tests.rig.commune import NOW
from tests.unit.broadcaster.test_station_clock import DAY, HOUR, Machine


def seconds(many: float) -> timedelta:
    return timedelta(seconds=many)


def test_a_clock_that_is_vouched_for_says_the_time_itself() -> None:
    machine = Machine(synced=True)
    machine.passes(5)
    assert machine.clock(trust=False).now() == NOW + seconds(5)


def test_after_a_step_the_time_goes_on_as_the_machine_runs() -> None:
    machine = Machine()
    clock = machine.clock(trust=True)
    machine.is_set_by(7 * HOUR)
    machine.passes(16)
    assert clock.now() == NOW + seconds(16)
    machine.is_set_by(-7 * HOUR)
    assert clock.now() == NOW + seconds(16)


def test_a_start_two_years_ahead_goes_by_the_last_instant_known() -> None:
    machine = Machine()
    clock = machine.clock(trust=True, known=Known(NOW - timedelta(days=730), "boot-0", 50.0))
    machine.passes(60)
    assert clock.now() == NOW - timedelta(days=730) + seconds(60)


def test_nodes_that_are_sure_of_the_time_know_better_and_most_of_them_decide() -> None:
    machine = Machine()
    clock = machine.clock(trust=False, known=Known(NOW - timedelta(days=730), "boot-0", 50.0))
    right_at = NOW - timedelta(days=720)
    for node, at in (("a", right_at), ("b", right_at + seconds(1)), ("c", right_at + timedelta(days=1))):
        clock.hear(node, at)
    machine.passes(10)
    assert abs(clock.now() - right_at - seconds(11)) < timedelta(milliseconds=1)
    machine.passes(HEARD_SECONDS)
    assert clock.now() == NOW - timedelta(days=730) + seconds(10 + HEARD_SECONDS)


def test_a_clock_believed_by_patience_alone_throws_nothing_away_for_a_week() -> None:
    machine = Machine()
    clock = machine.clock(trust=True, known=Known(NOW - timedelta(days=730), "boot-0", 50.0))
    machine.passes(1)
    assert not clock.vouched
    machine.passes(START_STEADY_SECONDS)
    assert (clock.vouched, clock.proven) == (True, False)
    machine.passes(PROVEN_SECONDS)
    assert clock.proven


def test_a_restart_does_not_make_it_proven_but_the_kernel_does() -> None:
    machine = Machine()
    known = Known(NOW - seconds(5), "boot-1", 995.0, proven=False)
    assert not machine.clock(trust=True, known=known).proven
    machine.synced = True
    assert machine.clock(trust=True, known=known).proven


def asked(database: Database, machine: Machine) -> AskedClock:
    sources = Sources(wall=lambda: machine.wall_at, running=lambda: machine.running, boot=lambda: machine.boot)
    return AskedClock(database, sources)


def state(database: Database, clock: StationClock) -> None:
    with database.session() as s:
        heartbeats.beat(s, "publisher", clock.now(), {"clock": clock.stated()})


@pytest.mark.integration
def test_the_console_goes_by_the_stations_time_while_that_is_in_doubt(database: Database) -> None:
    machine = Machine()
    clock, console = machine.clock(trust=True), asked(database, machine)
    machine.is_set_by(7 * HOUR)
    assert console() == NOW + timedelta(hours=7)
    state(database, clock)
    machine.passes(10)
    assert console() == NOW + seconds(10)
    machine.is_set_by(-7 * HOUR)
    state(database, clock)
    machine.passes(10)
    assert console() == NOW + seconds(20)


@pytest.mark.integration
def test_the_console_has_only_the_wall_clock_when_the_station_is_silent(database: Database) -> None:
    machine = Machine()
    clock, console = machine.clock(trust=True), asked(database, machine)
    machine.is_set_by(DAY)
    state(database, clock)
    machine.passes(STATED_SECONDS + 1)
    assert console() == machine.wall_at
