"""Readings to the state of a rule: every combination, and any sequence against a plain reading of the rule."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from broadcaster.protocol.gauges.judging import CALM, RuleState, advance
from broadcaster.protocol.gauges.readings import Reading
from broadcaster.protocol.gauges.rules import GaugeRule, Partner

AT = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = GaugeRule(gauge="suoi_1", sender="suoi_1", limit=3.0, ends=2.0, in_row=3, gap_seconds=600, rest_seconds=1200)
BOTH = replace(RULE, partner=Partner(gauge="cau_1", sender="cau_1", limit=5.0))


def after(rule: GaugeRule, *said: tuple[str, int, float]) -> RuleState:
    """The state after readings, each of a gauge at a minute."""
    state = CALM
    for gauge, minute, value in said:
        state = advance(rule, state, gauge, Reading(at=AT + minute * MINUTE, value=value))
    return state


def own(*values: float, begin: int = 0, step: int = 1) -> list[tuple[str, int, float]]:
    return [("suoi_1", begin + index * step, value) for index, value in enumerate(values)]


def test_the_third_reading_in_a_row_begins_the_crossing() -> None:
    assert after(RULE, *own(3.0, 3.5)).crossed_at is None
    assert after(RULE, *own(3.0, 3.5, 3.1)).crossed_at == AT + 2 * MINUTE
    assert after(RULE, *own(3.0, 3.5, 3.1, 9.0, 9.0)).crossed_at == AT + 2 * MINUTE


def test_a_reading_below_the_limit_breaks_the_row_and_does_not_end_a_crossing() -> None:
    assert after(RULE, *own(3.0, 3.0, 2.9, 3.0, 3.0)).crossed_at is None
    assert after(RULE, *own(3.0, 3.0, 3.0, 2.9, 2.1)).crossed_at == AT + 2 * MINUTE


def test_hysteresis_ends_it_and_rest_holds_back_the_next() -> None:
    over = after(RULE, *own(3.0, 3.0, 3.0, 2.0))
    assert (over.crossed_at, over.ended_at) == (None, AT + 3 * MINUTE)
    assert after(RULE, *own(3, 3, 3, 2, 3, 3, 3, 3)).crossed_at is None
    waits = own(3, 3, 3, 2, *[3] * 20)
    assert after(RULE, *waits[:23]).crossed_at is None
    assert after(RULE, *waits).crossed_at == AT + 23 * MINUTE


def test_what_comes_again_or_late_changes_nothing() -> None:
    assert after(RULE, *own(3.0, 3.0), ("suoi_1", 1, 3.0), ("suoi_1", 0, 3.0)).crossed_at is None
    crossed = after(RULE, *own(3.0, 3.0, 3.0))
    assert advance(RULE, crossed, "suoi_1", Reading(at=AT, value=0.0)) == crossed
    assert advance(RULE, crossed, "khac_1", Reading(at=AT + 9 * MINUTE, value=0.0)) == crossed


def test_readings_far_apart_are_no_row() -> None:
    assert after(RULE, *own(3.0, 3.0, begin=0), *own(3.0, begin=12)).crossed_at is None
    assert after(RULE, *own(3.0, 3.0, 3.0, step=10)).crossed_at == AT + 20 * MINUTE


@pytest.mark.parametrize(
    ("falling", "in_row", "lasting", "over", "partner"),
    list(product((False, True), (1, 2, 3), (0, 60, 180), (1, 2, 3, 4), (None, "agrees", "too late", "calm"))),
)
def test_a_crossing_begins_where_all_is_fulfilled_and_nowhere_else(
    falling: bool, in_row: int, lasting: int, over: int, partner: str | None
) -> None:
    rule = replace(
        BOTH if partner else RULE,
        falling=falling,
        ends=4.0 if falling else 2.0,
        in_row=in_row,
        lasting_seconds=lasting,
    )
    high, low = (1.0, 9.0) if falling else (9.0, 1.0)
    said = own(low, *[high] * over)
    if partner is not None:
        begin = 30 if partner == "too late" else 0
        said += [("cau_1", begin + index, low if partner == "calm" else high) for index in range(5)]
    expected = over >= in_row and (over - 1) * 60 >= lasting and partner in (None, "agrees")
    assert (after(rule, *said).crossed_at is not None) is expected


@given(st.lists(st.sampled_from([0.0, 2.0, 2.5, 3.0, 4.0]), max_size=60), st.integers(1, 4))
def test_any_readings_lead_where_the_words_of_the_rule_lead(values: Sequence[float], in_row: int) -> None:
    rule = replace(RULE, in_row=in_row, rest_seconds=600)
    begun, crossed, ended = [], False, -100
    for minute, value in enumerate(values):
        last = values[max(0, minute - in_row + 1) : minute + 1]
        if crossed and value <= 2.0:
            crossed, ended = False, minute
        elif not crossed and len(last) == in_row and min(last) >= 3.0 and minute - ended >= 10:
            crossed = True
            begun.append(minute)
    state, seen = CALM, []
    for gauge, minute, value in own(*values):
        before, state = state, advance(rule, state, gauge, Reading(at=AT + minute * MINUTE, value=value))
        if state.crossed_at and state.crossed_at != before.crossed_at:
            seen.append(minute)
    assert seen == begun
    assert (state.crossed_at is not None) is crossed


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from([1.0, 2.5, 3.0])), max_size=40))
def test_the_same_readings_twice_are_the_same_readings(said: Sequence[tuple[int, float]]) -> None:
    once = [("suoi_1", minute, value) for minute, value in said]
    doubled = [each for each in once for _ in range(2)]
    assert after(RULE, *doubled) == after(RULE, *once)
