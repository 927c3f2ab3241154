"""The station's clock is vouched for by the kernel, or by running on without a jump."""

from datetime import datetime, timedelta

from broadcaster.protocol.kernel_time import KernelTime
from broadcaster.protocol.values import ClockState
from broadcaster.station_clock import (
    HOLDOVER_SECONDS,
    START_STEADY_SECONDS,
    STEADY_SECONDS,
    Known,
    Sources,
    StationClock,
)
from tests.rig.commune import NOW

HOUR = 3600.0
DAY = 24 * HOUR


class Machine:
    """A wall clock, the time since the machine's start, and a kernel: all by hand."""

    def __init__(self, *, synced: bool = False, boot: str = "boot-1") -> None:
        self.wall_at: datetime = NOW
        self.running = 1000.0
        self.synced = synced
        self.boot = boot

    def passes(self, seconds: float) -> None:
        self.running += seconds
        self.wall_at += timedelta(seconds=seconds)

    def is_set_by(self, seconds: float) -> None:
        self.wall_at += timedelta(seconds=seconds)

    def clock(self, *, trust: bool, known: Known | None = None) -> StationClock:
        sources = Sources(
            wall=lambda: self.wall_at,
            running=lambda: self.running,
            kernel=lambda: KernelTime(synced=self.synced, error_seconds=0.0),
            boot=lambda: self.boot,
        )
        return StationClock(sources, trust=trust, known=known)


def test_the_kernels_word_is_enough() -> None:
    assert Machine(synced=True).clock(trust=False).state() is ClockState.SYNCED


def test_without_the_kernels_word_only_a_trusted_clock_is_vouched_for() -> None:
    assert Machine().clock(trust=False).state() is ClockState.UNSYNCED
    assert Machine().clock(trust=True).state() is ClockState.HOLDOVER


def test_a_clock_once_synchronised_is_held_over_for_a_month() -> None:
    machine = Machine(synced=True)
    clock = machine.clock(trust=False)
    assert clock.vouched
    machine.synced = False
    machine.passes(HOLDOVER_SECONDS)
    assert clock.state() is ClockState.HOLDOVER
    machine.passes(1)
    assert clock.state() is ClockState.UNSYNCED


def test_a_restart_within_one_boot_keeps_the_holdover() -> None:
    machine = Machine()
    machine.running = 5 * HOUR
    known = Known(NOW - timedelta(hours=1), "boot-1", 4 * HOUR, synced_seconds=3 * HOUR)
    assert machine.clock(trust=False, known=known).state() is ClockState.HOLDOVER
    machine.boot = "boot-2"
    assert machine.clock(trust=False, known=known).state() is ClockState.UNSYNCED


def test_a_step_while_running_ends_the_vouching_until_a_minute_without_another() -> None:
    machine = Machine()
    clock = machine.clock(trust=True)
    machine.is_set_by(61)
    assert not clock.vouched
    machine.passes(STEADY_SECONDS - 1)
    assert not clock.vouched
    machine.is_set_by(-200)
    assert not clock.vouched
    machine.passes(STEADY_SECONDS - 1)
    assert not clock.vouched
    machine.passes(1)
    assert clock.vouched


def test_a_small_correction_is_no_step() -> None:
    machine = Machine()
    clock = machine.clock(trust=True)
    machine.is_set_by(-59)
    assert clock.vouched


def test_a_step_is_not_forgiven_by_time_where_the_kernel_has_to_vouch() -> None:
    machine = Machine(synced=True)
    clock = machine.clock(trust=False)
    assert clock.vouched
    machine.synced = False
    machine.is_set_by(7 * HOUR)
    assert not clock.vouched
    machine.passes(DAY)
    assert not clock.vouched
    machine.synced = True
    assert clock.state() is ClockState.SYNCED


def test_a_clock_set_back_to_what_it_was_is_right_at_once() -> None:
    machine = Machine()
    clock = machine.clock(trust=True)
    machine.is_set_by(7 * HOUR)
    assert not clock.vouched
    machine.passes(16)
    machine.is_set_by(-7 * HOUR)
    assert clock.vouched


def test_a_step_that_the_kernel_made_itself_is_vouched_for() -> None:
    machine = Machine(synced=True)
    clock = machine.clock(trust=False)
    machine.is_set_by(-7 * HOUR)
    assert clock.state() is ClockState.SYNCED


def test_a_start_far_from_the_last_instant_is_a_jump() -> None:
    for away in (timedelta(hours=1, seconds=1), timedelta(hours=-25, seconds=-1), timedelta(days=-730)):
        machine = Machine()
        clock = machine.clock(trust=True, known=Known(NOW + away, "boot-0", 50.0))
        assert not clock.vouched, away
        machine.passes(START_STEADY_SECONDS - 1)
        assert not clock.vouched, away
        machine.passes(1)
        assert clock.vouched, away


def test_a_start_after_a_night_without_power_is_none() -> None:
    for away in (timedelta(minutes=59), timedelta(hours=-24)):
        assert Machine().clock(trust=True, known=Known(NOW + away, "boot-0", 50.0)).vouched, away


def test_a_start_far_from_the_last_instant_is_believed_when_the_kernel_vouches() -> None:
    known = Known(NOW - timedelta(days=60), "boot-0", 50.0)
    assert Machine(synced=True).clock(trust=False, known=known).vouched


def test_a_start_within_one_boot_is_held_to_the_running_time() -> None:
    machine = Machine()
    known = Known(NOW - timedelta(seconds=100), "boot-1", 900.0)
    machine.is_set_by(7 * HOUR)
    clock = machine.clock(trust=True, known=known)
    assert not clock.vouched
    machine.passes(16)
    machine.is_set_by(-7 * HOUR)
    assert clock.vouched
