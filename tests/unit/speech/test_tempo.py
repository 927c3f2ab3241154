import numpy as np
import pytest

from broadcaster.speech.tempo import at_tempo
from tests.doubles.fake_engine import hum

RATE = 22_050


def pitch_hz(samples: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples))


@pytest.mark.parametrize("percent", [50, 80, 120, 150, 200])
def test_the_length_changes_and_the_pitch_does_not(percent: int) -> None:
    said = hum(2000, pitch_hz=300).samples
    changed = at_tempo(said, sample_rate=RATE, percent=percent)
    assert len(changed) == pytest.approx(len(said) * 100 / percent, rel=0.02)
    assert pitch_hz(changed) == pytest.approx(300, abs=4)


def test_the_loudness_stays() -> None:
    said = hum(2000, pitch_hz=300).samples.astype(float)
    changed = at_tempo(said.astype(np.int16), sample_rate=RATE, percent=130).astype(float)
    assert np.std(changed) == pytest.approx(np.std(said), rel=0.1)


def test_normal_speed_is_left_untouched() -> None:
    said = hum(500).samples
    assert at_tempo(said, sample_rate=RATE, percent=100) is said


def test_a_very_short_sound_is_left_untouched() -> None:
    said = hum(20).samples
    assert at_tempo(said, sample_rate=RATE, percent=150) is said
