import numpy as np
import pytest

from broadcaster.audio.loudness import SILENCE_LUFS, loudness_lufs, set_to
from broadcaster.audio.sound import Sound
from tests.doubles.sounds import babble, silence, tone


def test_the_reference_tone_of_the_standard_reads_as_the_standard_says() -> None:
    """ITU-R BS.1770-4: a 997 Hz sine at full scale in one channel is −3.01 LKFS."""
    assert loudness_lufs(tone(5000, pitch_hz=997, level=1.0)) == pytest.approx(-3.01, abs=0.1)


def test_pauses_do_not_count() -> None:
    spoken = tone(4000)
    paused = Sound(np.concatenate([spoken.samples, silence(8000).samples]))
    assert loudness_lufs(paused) == pytest.approx(loudness_lufs(spoken), abs=0.3)


@pytest.mark.parametrize("target", [-23.0, -16.0, -13.0])
def test_loudness_is_set_to_what_was_asked(target: float) -> None:
    assert loudness_lufs(set_to(babble(), lufs=target)) == pytest.approx(target, abs=0.05)


def test_silence_reads_as_silence_and_stays_silent() -> None:
    assert loudness_lufs(silence(2000)) == SILENCE_LUFS
    assert set_to(silence(2000), lufs=-16).peak == 0.0


@pytest.mark.parametrize("duration_ms", [0, 1, 100, 399])
def test_a_very_short_sound_can_be_measured(duration_ms: int) -> None:
    assert loudness_lufs(tone(duration_ms)) >= SILENCE_LUFS
