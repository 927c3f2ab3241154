"""A long recording is cut where nobody speaks, and nothing of it is lost."""

import numpy as np

from broadcaster.speech.listener.pieces import LONGEST, SHORTEST, pieces
from broadcaster.speech.listener.whisper import RATE


def test_a_short_recording_stays_whole() -> None:
    sound = np.ones(10 * RATE, dtype=np.float32)
    assert [len(each) for each in pieces(sound)] == [len(sound)]
    assert pieces(sound[:0]) == []


def test_a_long_one_is_cut_in_its_pauses() -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 70 * RATE).astype(np.float32)
    pauses = (20, 43)
    for second in pauses:
        sound[second * RATE : second * RATE + RATE // 2] = 0
    found = pieces(sound)
    assert np.array_equal(np.concatenate(found), sound)
    ends = np.cumsum([len(each) for each in found])[:-1] / RATE
    assert [any(second <= end <= second + 0.5 for end in ends) for second in pauses] == [True, True]


def test_no_piece_is_longer_than_the_listener_hears() -> None:
    sound = np.ones(200 * RATE, dtype=np.float32)
    assert all(SHORTEST <= len(each) <= LONGEST for each in pieces(sound)[:-1])
