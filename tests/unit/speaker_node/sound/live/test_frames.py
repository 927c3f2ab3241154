"""No packet moves a session, sounds twice or fills the memory; what comes late or early is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.protocol.live.packets import LivePacket
from speaker_node.sound.live.frames import AHEAD_MS, MOST_A_SECOND, LiveFrames, Refusal

BASE_MS = 3000


def packet(
    seq: int, *, count: int = 20, first: int | None = None, last: bool = False, base_ms: int = BASE_MS
) -> LivePacket:
    frames = tuple(b"f%d" % number for number in range(count))
    first = seq * 20 if first is None else first
    return LivePacket(seq=seq, base_ms=base_ms, first=first, sent_ms=0, frames=frames, last=last)


def take(frames: LiveFrames, one: LivePacket, *, now_ms: int = 2500, late_ms: int = 40) -> Refusal | None:
    """In its own time: four tenths of a second after the one before."""
    return frames.take(one, late_ms=late_ms, now_ms=now_ms, monotonic=one.seq * 0.4)


def test_packets_in_any_order_give_their_frames_in_the_right_places() -> None:
    frames = LiveFrames("session-1")
    for seq in (2, 0, 1):
        assert take(frames, packet(seq)) is None
    assert [frames.frame(number) for number in (0, 25, 59)] == [b"f0", b"f5", b"f19"]
    assert frames.base_ms == BASE_MS


def test_a_packet_that_came_before_is_refused() -> None:
    frames = LiveFrames("session-1")
    take(frames, packet(0))
    assert take(frames, packet(0)) is Refusal.REPEATED


def test_sound_that_is_over_is_too_late_and_no_hostile_act() -> None:
    frames = LiveFrames("session-1")
    take(frames, packet(0))
    frames.frame(39)
    assert take(frames, packet(1)) is Refusal.TOO_LATE
    assert (frames.refused[Refusal.TOO_LATE], frames.hostile) == (1, 0)


def test_a_frame_sounds_once() -> None:
    frames = LiveFrames("session-1")
    take(frames, packet(0))
    assert frames.frame(3) == b"f3"
    assert frames.frame(3) is None
    assert frames.frame(2) is None


def test_a_packet_for_a_place_far_ahead_is_refused() -> None:
    frames = LiveFrames("session-1")
    assert take(frames, packet(0, first=(AHEAD_MS + 10_000) // 20)) is Refusal.TOO_EARLY


def test_a_session_keeps_the_beginning_it_was_given() -> None:
    frames = LiveFrames("session-1")
    take(frames, packet(0))
    assert take(frames, packet(1, base_ms=BASE_MS + 20)) is Refusal.MOVED
    assert frames.base_ms == BASE_MS


def test_more_packets_than_any_session_needs_are_refused() -> None:
    frames = LiveFrames("session-1")
    given_up = [frames.take(packet(seq), late_ms=0, now_ms=3000, monotonic=7.0) for seq in range(MOST_A_SECOND + 2)]
    assert given_up == [None] * MOST_A_SECOND + [Refusal.TOO_MANY] * 2
    assert frames.take(packet(20), late_ms=0, now_ms=3000, monotonic=8.1) is None


def test_the_last_packet_says_the_exact_end_and_nothing_is_taken_beyond() -> None:
    frames = LiveFrames("session-1")
    take(frames, packet(0, count=7, last=True))
    assert (frames.ends_ms, frames.sound_ms) == (BASE_MS + 140, 140)
    assert take(frames, packet(1, first=7)) is Refusal.BEYOND_END


def test_the_agenda_s_end_holds_too() -> None:
    frames = LiveFrames("session-1")
    frames.end_at(BASE_MS + 400)
    assert take(frames, packet(0)) is None
    assert take(frames, packet(1)) is Refusal.BEYOND_END


def test_a_probe_measures_and_fixes_nothing() -> None:
    frames = LiveFrames("session-1")
    assert take(frames, packet(0, count=0, base_ms=0), late_ms=700) is None
    assert (frames.late_ms, frames.base_ms) == (700, None)


def test_lateness_is_that_of_the_slowest_but_one_of_twenty() -> None:
    frames = LiveFrames("session-1")
    for seq in range(20):
        take(frames, packet(seq), now_ms=seq * 400, late_ms=2000 if seq == 7 else 10 * seq)
    assert frames.late_ms == 190


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 700), st.integers(0, 50), st.integers(-2000, 20_000))))
@pytest.mark.long
def test_whatever_comes_the_memory_is_bounded_and_no_frame_sounds_twice(
    pieces: list[tuple[int, int, int, int]],
) -> None:
    frames, sounded = LiveFrames("session-1"), []
    for number, (seq, first, count, now_ms) in enumerate(pieces):
        frames.take(packet(seq, first=first, count=count), late_ms=0, now_ms=now_ms, monotonic=number)
        if frames.frame(first) is not None:
            sounded.append(first)
    assert len(sounded) == len(set(sounded))
    assert sorted(sounded) == sounded


@pytest.mark.parametrize("reason", [Refusal.FORGED, Refusal.REPEATED, Refusal.MOVED])
def test_refusals_are_counted_by_their_reason(reason: Refusal) -> None:
    frames = LiveFrames("session-1")
    frames.note(reason)
    assert frames.refused == {reason: 1}
    assert frames.hostile == 1
