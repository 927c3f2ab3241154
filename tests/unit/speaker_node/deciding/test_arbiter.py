"""Every rule of the arbiter, as a sentence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.protocol.agenda import AgendaItem, Policy, QuietHours, StopOrder
from broadcaster.protocol.reasons import ReasonCode
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from speaker_node.deciding.arbiter import LEAD, PREEMPTION, decide
from speaker_node.memory.ledger import LedgerEntry
from tests.unit.speaker_node.situations import OTHER, agenda, at, item, situation

EMERGENCY, PRIORITY, ROUTINE = BroadcastClass.EMERGENCY, BroadcastClass.PRIORITY, BroadcastClass.ROUTINE
State = DeliveryState
STOP = StopOrder(order="dung-tat-ca", ordered_at=at(0))
ALL_DAY = Policy(quiet_hours=(QuietHours(from_minute=0, to_minute=1440),))


def test_nothing_is_decided_before_the_first_agenda() -> None:
    assert decide(situation(agenda=None, entries={})) == decide(situation())


def test_a_broadcast_begins_a_lead_before_its_instant_and_not_earlier() -> None:
    one = item("a", 100)
    early = decide(situation(one, now=100 - LEAD.total_seconds() - 0.01))
    assert early.start is None
    assert early.wake_at == at(100) - LEAD
    due = decide(situation(one, now=100 - LEAD.total_seconds())).start
    assert due
    assert (due.item, due.start_at) == (one, at(100))


def test_stagger_moves_the_instant() -> None:
    start = decide(situation(item("a", 0), now=-0.9, policy=Policy(stagger_ms=290))).start
    assert start
    assert start.start_at == at(0.29)


def test_a_late_broadcast_begins_while_it_can_end_in_time_and_not_a_moment_longer() -> None:
    one = item("a", 0)
    assert decide(situation(one, now=60)).start
    late = decide(situation(one, now=60.001))
    assert late.start is None
    assert [s.state for s in late.settle] == [State.MISSED]


@pytest.mark.parametrize("state", [s for s in State if s not in (State.PLANNED, State.STORED)])
def test_what_has_a_story_already_never_begins(state: State) -> None:
    one = item("a", 0)
    decision = decide(situation(one, now=1, states={one.broadcast: state}))
    assert (decision.start, decision.settle) == (None, ())


def test_what_the_commune_put_behind_another_waits_for_it_and_then_plays() -> None:
    behind, first = item("a", 0, kind=PRIORITY, order=2), item("b", 8, kind=PRIORITY, order=1)
    waiting = decide(situation(behind, first, now=0))
    assert (waiting.start, waiting.next_at) == (None, at(8))
    begun = decide(situation(behind, first, now=8)).start
    assert begun
    assert begun.item == first
    after = decide(situation(behind, first, now=18, states={first.broadcast: State.PLAYED})).start
    assert after
    assert after.item == behind


@pytest.mark.parametrize(
    ("order", "other"),
    [
        pytest.param(2, {"order": 0}, id="nobody decided about the other"),
        pytest.param(2, {"order": 1, "kind": ROUTINE}, id="another class"),
        pytest.param(2, {"order": 1, "start": 11}, id="begins when this one is over"),
        pytest.param(2, {"order": 1, "start": 9, "duration_ms": 55_000}, id="no time for both"),
        pytest.param(1, {"order": 2}, id="it comes first itself"),
    ],
)
def test_it_waits_for_nothing_else(order: int, other: dict[str, Any]) -> None:
    one = item("a", 0, kind=PRIORITY, order=order)
    start = decide(situation(one, item("b", **{"start": 5, "kind": PRIORITY, **other}), now=0)).start
    assert start
    assert start.item == one


def test_of_what_is_due_together_class_then_the_communes_order_then_the_instant_decides() -> None:
    last, third = item("d", -2), item("c", -3)
    second, first = item("b", 0, kind=PRIORITY, order=1), item("a", -1, kind=PRIORITY)
    alarm = item("e", 0, kind=EMERGENCY)
    for expected, waiting in (
        (alarm, [last, third, second, first, alarm]),
        (first, [last, third, second, first]),
        (second, [last, third, second]),
        (third, [last, third]),
    ):
        start = decide(situation(*waiting)).start
        assert start
        assert start.item is expected


def test_a_clip_that_has_not_come_does_not_hold_up_another_broadcast() -> None:
    missing, ready = item("a", 0, kind=PRIORITY), item("b", 0, parts=(OTHER.sha256,))
    both = agenda(missing, ready)
    start = decide(situation(missing, ready, agenda=both, held=[OTHER.sha256])).start
    assert start
    assert start.item is ready


def test_a_broadcast_is_stored_when_its_last_part_has_come() -> None:
    one = item("a", 100)
    planned = {one.broadcast: State.PLANNED}
    assert decide(situation(one, states=planned, held=())).settle == ()
    assert [s.state for s in decide(situation(one, states=planned)).settle] == [State.STORED]


def test_an_emergency_silences_another_class_a_takeover_before_its_instant() -> None:
    routine, alarm = item("a", -5), item("b", 3, kind=EMERGENCY)
    before = decide(situation(routine, alarm, playing=routine, now=2))
    assert before.stop is None
    assert before.wake_at == at(3) - PREEMPTION
    stop = decide(situation(routine, alarm, playing=routine, now=3 - PREEMPTION.total_seconds())).stop
    assert stop
    assert (stop.state, stop.reason, stop.again) == (State.INTERRUPTED, ReasonCode.EMERGENCY_FIRST, False)


def test_an_emergency_does_not_silence_an_emergency() -> None:
    first, second = item("a", -5, kind=EMERGENCY), item("b", 0, kind=EMERGENCY)
    assert decide(situation(first, second, playing=first)).stop is None


def test_a_priority_announcement_waits_for_the_routine_one_that_sounds() -> None:
    routine, priority = item("a", -5), item("b", 0, kind=PRIORITY)
    assert decide(situation(routine, priority, playing=routine)).stop is None


def test_what_may_resume_waits_again_after_an_emergency() -> None:
    routine, alarm = item("a", -5, resume=True), item("b", 0, kind=EMERGENCY)
    stop = decide(situation(routine, alarm, playing=routine)).stop
    assert stop
    assert stop.again


def test_what_was_cut_short_and_has_no_time_left_is_interrupted_not_missed() -> None:
    one = item("a", 0)
    settled = decide(situation(one, now=61, sounded=[one.broadcast])).settle
    assert [(s.state, s.reason) for s in settled] == [(State.INTERRUPTED, ReasonCode.NO_TIME_TO_REPEAT)]


@pytest.mark.parametrize("kind", list(BroadcastClass))
def test_stop_all_outranks_every_class(kind: BroadcastClass) -> None:
    one = item("a", 0, kind=kind)
    assert decide(situation(one, stop=STOP)).start is None
    stop = decide(situation(one, stop=STOP, playing=one)).stop
    assert stop
    assert (stop.state, stop.reason, stop.again) == (State.INTERRUPTED, ReasonCode.STOP_ALL, False)


def test_what_comes_due_under_stop_all_is_missed_when_its_time_is_over_and_says_why() -> None:
    assert decide(situation(item("a", 0), now=61, stop=STOP)).settle[0].reason == ReasonCode.STOP_ALL


def test_quiet_hours_bind_all_but_a_real_emergency() -> None:
    assert decide(situation(item("a", 0), policy=ALL_DAY)).start is None
    assert decide(situation(item("a", 0, kind=PRIORITY), policy=ALL_DAY)).start is None
    assert decide(situation(item("a", 0, kind=EMERGENCY, drill=True), policy=ALL_DAY)).start is None
    assert decide(situation(item("a", 0, kind=EMERGENCY), policy=ALL_DAY)).start


def test_a_chirp_somebody_stands_by_to_hear_sounds_in_quiet_hours_too() -> None:
    assert decide(situation(item("a", 0, chirp=True, live=True), policy=ALL_DAY)).start


def test_a_announcement_that_would_run_into_quiet_hours_does_not_begin() -> None:
    from_noon = Policy(quiet_hours=(QuietHours(from_minute=12 * 60, to_minute=13 * 60),))
    assert decide(situation(item("a", -10), now=-10, policy=from_noon)).start
    assert decide(situation(item("a", -9), now=-9, policy=from_noon)).start is None


def test_what_sounds_when_quiet_hours_begin_falls_silent() -> None:
    one = item("a", -9, duration_ms=30_000)
    stop = decide(situation(one, playing=one, now=0, policy=ALL_DAY)).stop
    assert stop
    assert (stop.state, stop.reason) == (State.INTERRUPTED, ReasonCode.QUIET_HOURS)


def test_quiet_hours_name_themselves_when_they_cost_a_broadcast() -> None:
    assert decide(situation(item("a", 0), now=61, policy=ALL_DAY)).settle[0].reason == ReasonCode.QUIET_HOURS


def test_what_leaves_the_agenda_is_cancelled_silent_or_sounding() -> None:
    one, other = item("a", -1), item("b", 500)
    entries = {i.broadcast: LedgerEntry(State.STORED, ROUTINE, i.expires_at) for i in (one, other)}
    decision = decide(situation(agenda=agenda(), entries=entries, playing=one))
    assert [(s.broadcast, s.state) for s in decision.settle] == [(other.broadcast, State.CANCELLED)]
    assert decision.stop
    assert decision.stop.state is State.CANCELLED


def test_what_leaves_the_agenda_after_its_end_was_not_cancelled_but_expired() -> None:
    gone = {"bc-00000001": LedgerEntry(State.STORED, ROUTINE, at(-1))}
    assert [s.state for s in decide(situation(agenda=agenda(), entries=gone)).settle] == [State.EXPIRED]


def test_what_the_node_first_hears_of_after_its_time_is_expired() -> None:
    settled = decide(situation(item("a", 0), now=61, seen_in_time=())).settle
    assert [(s.state, s.reason) for s in settled] == [(State.EXPIRED, ReasonCode.NODE_OFF)]


def test_nothing_sounds_past_its_end_or_by_an_agenda_that_is_over() -> None:
    one = item("a", 0, duration_ms=60_000)
    assert decide(situation(one, playing=one, now=70)).stop is None, "its last samples are still in the device"
    stop = decide(situation(one, playing=one, now=71)).stop
    assert stop
    assert stop.reason == ReasonCode.OUT_OF_TIME
    old = agenda(item("b", 0), expires_at=at(0))
    assert decide(situation(item("b", 0), agenda=old)).start is None


def test_an_unsynced_clock_plays_only_the_live_order_that_has_just_come() -> None:
    timed, live = item("a", -1), item("b", 86_400, live=True)
    unsynced = ClockState.UNSYNCED
    assert decide(situation(timed, live, clock=unsynced)).start is None
    start = decide(situation(timed, live, clock=unsynced, arrived_live=[live.broadcast])).start
    assert start
    assert (start.item, start.start_at) == (live, at(0))


def test_an_unsynced_clock_settles_nothing() -> None:
    assert decide(situation(item("a", -5000), clock=ClockState.UNSYNCED)).settle == ()


def test_holdover_plays_by_the_clock() -> None:
    assert decide(situation(item("a", 0), clock=ClockState.HOLDOVER)).start


def test_the_local_switch_silences_everything() -> None:
    one = item("a", 0, kind=EMERGENCY)
    assert decide(situation(one, muted=True)).start is None
    stop = decide(situation(one, muted=True, playing=one)).stop
    assert stop
    assert stop.reason == ReasonCode.LOCAL_SWITCH


def test_what_was_due_when_the_ledger_was_lost_fails_and_what_comes_later_plays() -> None:
    before, after = item("a", -5), item("b", 1)
    decision = decide(situation(before, after, forgot_at=at(0)))
    assert [(s.broadcast, s.state) for s in decision.settle] == [(before.broadcast, State.FAILED)]
    assert decision.start
    assert decision.start.item is after


ITEMS = st.lists(
    st.builds(
        lambda name, start, kind, length, slack, order: item(
            str(name),
            start,
            kind=kind,
            order=order,
            duration_ms=length * 1000,
            expires_at=at(start + length + slack),
        ),
        name=st.integers(0, 10**8 - 1),
        start=st.integers(-120, 120),
        kind=st.sampled_from(list(BroadcastClass)),
        length=st.integers(1, 60),
        slack=st.integers(0, 60),
        order=st.integers(-2, 2),
    ),
    max_size=6,
    unique_by=lambda i: i.broadcast,
)


@given(ITEMS, st.sampled_from([None, STOP]), st.booleans())
@pytest.mark.long
def test_whatever_the_agenda_a_start_can_end_in_time_and_never_comes_with_a_stop(
    items: list[AgendaItem], stop: StopOrder | None, sounds: bool
) -> None:
    playing = items[0] if items and sounds else None
    decision = decide(situation(*items, playing=playing, stop=stop))
    assert not (decision.start and decision.stop)
    if decision.start:
        chosen = decision.start.item
        begins = max(chosen.start_at, at(0))
        assert (chosen.expires_at - begins).total_seconds() * 1000 >= chosen.duration_ms
        assert stop is None
        assert playing is None
        assert chosen.broadcast not in {s.broadcast for s in decision.settle}
