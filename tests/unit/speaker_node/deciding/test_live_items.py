"""Live sound follows the rules of all other sound, but that it waits for nobody and goes on where it is by now."""

from typing import Any

import pytest

from broadcaster.protocol.agenda import AgendaItem, Policy, QuietHours, StopOrder
from broadcaster.protocol.live.source import LiveSource
from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from speaker_node.deciding.arbiter import decide
from tests.unit.speaker_node.situations import at, item, situation

STOP = StopOrder(order="dung-tat-ca", ordered_at=at(0))
QUIET_FROM_1201 = Policy(quiet_hours=(QuietHours(from_minute=12 * 60 + 1, to_minute=13 * 60),))


def live(start: float = 0, *, seconds: int = 600, ends_ms: int = 0, gives_way: bool = False, **more: Any) -> AgendaItem:
    source = LiveSource(session="session-1", longest_ms=seconds * 1000, ends_ms=ends_ms, gives_way=gives_way)
    more = {"expires_at": at(start + seconds + 60), "resume": True, "live": True, **more}
    return item("live", start, source=source, duration_ms=seconds * 1000, **more)


def test_a_node_that_comes_late_joins_what_goes_on() -> None:
    start = decide(situation(live(), now=300)).start
    assert start
    assert start.start_at == at(0)


@pytest.mark.parametrize("one", [live(seconds=200), live(ends_ms=200_000)])
def test_what_is_over_is_not_joined(one: AgendaItem) -> None:
    decision = decide(situation(one, now=201))
    assert decision.start is None
    assert [settled.state for settled in decision.settle] == [DeliveryState.MISSED]


def test_it_does_not_wait_for_its_chime() -> None:
    assert decide(situation(live(), now=1, held=())).start


def test_a_node_whose_clock_is_not_trusted_plays_it_on_arrival() -> None:
    one = live()
    assert decide(situation(one, now=1, clock=ClockState.UNSYNCED, arrived_live=(one.broadcast,))).start
    assert decide(situation(one, now=1, clock=ClockState.UNSYNCED)).start is None


def test_it_begins_although_quiet_hours_come_before_its_longest_length_and_is_cut_by_them() -> None:
    one = live()
    assert decide(situation(one, now=1, policy=QUIET_FROM_1201)).start
    stop = decide(situation(one, now=61, playing=one, policy=QUIET_FROM_1201)).stop
    assert stop
    assert stop.reason is ReasonCode.QUIET_HOURS


def test_it_does_not_begin_in_quiet_hours() -> None:
    assert decide(situation(live(62), now=62, policy=QUIET_FROM_1201)).start is None


def test_a_stop_all_ends_it() -> None:
    one = live()
    stop = decide(situation(one, now=10, playing=one, stop=STOP)).stop
    assert stop
    assert stop.reason is ReasonCode.STOP_ALL


def test_an_emergency_cuts_it_and_it_goes_on_afterwards() -> None:
    one, alarm = live(), item("alarm", 10, kind=BroadcastClass.EMERGENCY)
    stop = decide(situation(one, alarm, now=10, playing=one)).stop
    assert stop
    assert stop.again
    after = decide(situation(one, alarm, now=25, states={alarm.broadcast: DeliveryState.PLAYED})).start
    assert after
    assert after.item == one


def test_a_speaker_is_not_cut_by_a_routine_announcement() -> None:
    one, other = live(), item("other", 10)
    assert decide(situation(one, other, now=10, playing=one)).stop is None


RECORDED = item("relay", 0, gives_way=True, duration_ms=600_000, expires_at=at(660))
"""A relay that was taken beforehand, of ten minutes."""


@pytest.mark.parametrize("relay", [live(gives_way=True), RECORDED])
def test_a_relay_gives_way_to_whatever_is_due_and_goes_on(relay: AgendaItem) -> None:
    own = item("own", 10)
    stop = decide(situation(relay, own, now=9.5, playing=relay)).stop
    assert stop
    assert stop.again
    begun = decide(situation(relay, own, now=10)).start
    assert begun
    assert begun.item == own
    back = decide(situation(relay, own, now=21, states={own.broadcast: DeliveryState.PLAYED})).start
    assert back
    assert back.item == relay


def test_a_recorded_relay_goes_on_after_an_emergency_and_never_into_what_follows() -> None:
    alarm = item("alarm", 10, kind=BroadcastClass.EMERGENCY)
    stop = decide(situation(RECORDED, alarm, now=10, playing=RECORDED)).stop
    assert stop
    assert stop.again
    over = {alarm.broadcast: DeliveryState.PLAYED}
    after = decide(situation(RECORDED, alarm, now=25, states=over)).start
    assert after
    assert after.item == RECORDED
    assert decide(situation(RECORDED, alarm, now=600, states=over)).start is None


def test_two_relays_do_not_cut_each_other() -> None:
    relay = live(gives_way=True)
    source = LiveSource(session="session-2", longest_ms=60_000, gives_way=True)
    other = item("relay-2", 5, source=source, duration_ms=60_000)
    assert decide(situation(relay, other, now=6, playing=relay)).stop is None


def test_a_lost_ledger_does_not_keep_a_node_from_joining() -> None:
    assert decide(situation(live(), now=30, forgot_at=at(20))).start
