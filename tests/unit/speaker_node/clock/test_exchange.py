"""Asking the station for the time over MQTT: when, and what an answer is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speaker_node.clock.exchange import FIRST_BURST, LATER_BURST, QUESTION_SECONDS, ROUND_SECONDS, Exchange
from tests.unit.speaker_node.clock.test_node_clock import answer


def test_an_answer_to_no_question_is_ignored() -> None:
    exchange = Exchange("loa-1")
    exchange.link_up(0)
    question = exchange.question(1)
    assert question
    reply, arrived = answer(1, "tu-dau-den", station=1e9, there=0.1, back=0.1)
    assert not exchange.answered(reply, arrived)
    reply, arrived = answer(1, question.question, station=100, there=0.1, back=0.1)
    assert exchange.answered(reply, arrived)
    assert not exchange.answered(reply, arrived)


def test_questions_come_in_bursts_far_apart() -> None:
    exchange = Exchange("loa-1")
    exchange.link_up(0)
    asked = [now / 2 for now in range(2 * int(ROUND_SECONDS) + 100) if exchange.question(now / 2)]
    assert len(asked) == FIRST_BURST + LATER_BURST
    assert asked[FIRST_BURST] - asked[FIRST_BURST - 1] == ROUND_SECONDS


@given(st.lists(st.tuples(st.floats(0.01, 2), st.floats(0.01, 2)), min_size=12, max_size=32))
@pytest.mark.long
def test_the_quickest_quarter_is_never_wrong_by_more_than_half_its_slowest_trip(
    trips: list[tuple[float, float]],
) -> None:
    exchange = Exchange("loa-1")
    exchange.link_up(0)
    now, ahead = 1.0, 1_000_000.0
    for there, back in trips:
        now += ROUND_SECONDS / 100
        question = None
        while question is None:
            now += QUESTION_SECONDS
            question = exchange.question(now)
            if now > 60_000:
                return
        exchange.answered(*answer(now, question.question, station=ahead, there=there, back=back))
    estimate = exchange.estimate(now)
    if estimate:
        assert abs(estimate.offset_seconds - ahead) <= estimate.trip_seconds / 2 + 1e-6
