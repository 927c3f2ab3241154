"""When a stream is left: levels and times alone decide."""

import numpy as np
import pytest

from broadcaster.relays.settings import RelaySettings
from broadcaster.relays.watching import (
    SILENT,
    STALLED,
    Watched,
    after_block,
    is_clipped,
    is_silent,
    level_dbfs,
    trouble,
)
from tests.unit.relays.scripted import pcm

SETTINGS = RelaySettings()


def test_a_stream_may_take_its_time_to_begin_but_not_for_ever() -> None:
    opened = Watched(100.0)
    assert trouble(opened, 111.9, SETTINGS) is None
    assert trouble(opened, 112.0, SETTINGS) == STALLED


def test_five_seconds_without_a_packet_are_a_stall() -> None:
    running = after_block(Watched(100.0), 103.0, seconds=0.4, silent=False)
    assert trouble(running, 107.9, SETTINGS) is None
    assert trouble(running, 108.0, SETTINGS) == STALLED
    again = after_block(running, 107.9, seconds=0.4, silent=False)
    assert trouble(again, 112.0, SETTINGS) is None


def test_a_segment_that_comes_as_a_whole_lasts_as_long_as_it_sounds_but_not_for_ever() -> None:
    burst = after_block(after_block(Watched(100.0), 101.0, seconds=0.0, silent=False), 101.0, seconds=9.0, silent=False)
    assert trouble(burst, 114.9, SETTINGS) is None
    assert trouble(burst, 115.0, SETTINGS) == STALLED
    file = after_block(burst, 101.0, seconds=1800.0, silent=False)
    assert trouble(file, 126.0, SETTINGS) == STALLED


def test_sound_at_full_scale_is_clipped_and_loud_sound_is_not() -> None:
    loud = pcm(0.5, level=0.98)
    assert not is_clipped(loud)
    assert not is_clipped(b"")
    assert is_clipped(np.clip(np.frombuffer(loud, np.int16) * 2.0, -32768, 32767).astype(np.int16).tobytes())


def test_ten_seconds_below_the_level_are_silence_however_fast_they_came() -> None:
    watched = Watched(100.0)
    for at in range(25):
        assert trouble(watched, 100.0, SETTINGS) is None, at
        watched = after_block(watched, 100.0, seconds=0.4, silent=True)
    assert trouble(watched, 100.0, SETTINGS) == SILENT


def test_one_word_in_between_begins_the_silence_anew() -> None:
    watched = after_block(Watched(100.0), 101.0, seconds=9.9, silent=True)
    watched = after_block(watched, 102.0, seconds=0.1, silent=False)
    watched = after_block(watched, 103.0, seconds=9.9, silent=True)
    assert trouble(watched, 103.0, SETTINGS) is None


@pytest.mark.parametrize(("level", "silent"), [(1.0, False), (0.01, False), (0.0044, True), (0.0, True)])
def test_the_level_is_measured_against_full_scale(level: float, silent: bool) -> None:
    assert is_silent(level_dbfs(pcm(0.5, level=level)), SETTINGS) is silent


def test_nothing_and_zeroes_are_the_lowest_level() -> None:
    assert level_dbfs(b"") == level_dbfs(np.zeros(100, np.int16).tobytes()) == -120.0
    assert level_dbfs(np.full(100, -32768, np.int16).tobytes()) == pytest.approx(0.0, abs=0.01)
