"""Every frame of a session has one place, whatever the source does with its time."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.live.pacing import Pacing, Placed


@dataclass(frozen=True)
class Plan:
    parts_ms: int = 3000
    longest_ms: int = 60_000
    delay_ms: int = 800


def begun(**plan: int) -> Pacing:
    """A session whose first 20 frames came 5 s after its item's start."""
    pacing = Pacing(Plan(**plan))
    pacing.place(20, 0, now_ms=5000)
    return pacing


def test_the_first_sound_fixes_where_the_session_begins() -> None:
    pacing = begun()
    pacing.place(20, 400, now_ms=7000)
    assert pacing.base_ms == 5800
    assert pacing.ends_ms == 5800 + 800


def test_nothing_live_begins_before_the_parts_are_over() -> None:
    pacing = Pacing(Plan())
    pacing.place(20, 0, now_ms=100)
    assert pacing.base_ms == 3000


def test_a_piece_that_came_before_gives_nothing() -> None:
    pacing = begun()
    assert pacing.place(20, 0, now_ms=5400) is None
    assert (pacing.next_frame, pacing.refused) == (20, 1)


def test_of_a_piece_that_came_in_part_only_the_rest_is_taken() -> None:
    assert begun().place(20, 200, now_ms=5400) == Placed(skip_frames=0, drop_frames=10, frames=10)


def test_what_the_source_leaves_out_is_a_gap() -> None:
    pacing = begun()
    assert pacing.place(20, 1400, now_ms=6400) == Placed(skip_frames=50, drop_frames=0, frames=20)
    assert pacing.gap_frames == 50


def test_a_source_that_runs_ahead_of_the_present_is_refused() -> None:
    pacing = begun()
    assert pacing.place(20, 5000, now_ms=5400) is None
    assert pacing.refused == 1


def test_a_gap_of_minutes_is_refused() -> None:
    assert begun().place(20, 40_000, now_ms=45_000) is None


def test_the_session_is_over_after_its_longest_length() -> None:
    pacing = begun(longest_ms=600)
    assert pacing.place(20, 400, now_ms=5400) == Placed(skip_frames=0, drop_frames=0, frames=10)
    assert pacing.left_frames == 0


def test_sound_without_a_time_of_its_own_follows_while_it_can_still_be_heard() -> None:
    pacing = begun()
    assert pacing.place(20, None, now_ms=6000) == Placed(skip_frames=0, drop_frames=0, frames=20)
    placed = pacing.place(20, None, now_ms=8000)
    assert placed is not None
    assert placed.skip_frames == 110  # 3000 ms have gone by, 800 of them have their sound


def test_sound_that_no_node_can_play_in_time_is_counted() -> None:
    pacing = begun()
    pacing.place(20, 400, now_ms=9000)
    assert pacing.late_frames == 20


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10_000), st.integers(0, 10_000)), max_size=30))
@pytest.mark.long
def test_frames_are_numbered_without_a_break_and_never_beyond_the_end(pieces: list[tuple[int, int, int]]) -> None:
    pacing, taken = Pacing(Plan(longest_ms=4000)), 0
    for frames, at_ms, now_ms in pieces:
        placed = pacing.place(frames, at_ms, now_ms=now_ms)
        taken += placed.skip_frames + placed.frames if placed else 0
        assert pacing.next_frame == taken <= 200


def test_sound_without_a_time_of_its_own_comes_again_after_minutes_at_the_present() -> None:
    pacing = begun(longest_ms=120_000)
    placed = pacing.place(20, None, now_ms=65_000)
    assert placed is not None
    assert placed.frames == 20
    assert placed.skip_frames > 2500
