import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.audio.dynamics import compressed, limited
from broadcaster.audio.sound import Sound
from tests.doubles.sounds import babble, crest_db, tone


@given(st.integers(1, 3000), st.floats(0.01, 4.0), st.floats(0.1, 1.0), st.integers(0, 10_000))
@pytest.mark.long
def test_no_sample_ever_passes_the_ceiling(count: int, level: float, ceiling: float, seed: int) -> None:
    samples = (level * np.random.default_rng(seed).standard_normal(count)).astype(np.float32)
    held = limited(samples, ceiling=ceiling)
    assert held.shape == samples.shape
    assert float(np.max(np.abs(held))) <= ceiling * 1.000001


def test_what_is_below_the_ceiling_is_left_alone() -> None:
    quiet = tone(500, level=0.2).samples
    assert np.allclose(limited(quiet, ceiling=0.7), quiet, atol=1e-6)


def test_the_limiter_bends_the_gain_and_does_not_cut_the_wave() -> None:
    """A cut wave would have strong odd harmonics; a held one stays a sine."""
    held = limited(tone(1000, level=1.4).samples, ceiling=0.7)
    spectrum = np.abs(np.fft.rfft(held * np.hanning(len(held))))
    assert spectrum[2950:3050].max() < spectrum[950:1050].max() / 100


def test_compression_makes_speech_steadier() -> None:
    said = babble()
    steadier = Sound(compressed(said.samples, threshold_db=-30, ratio=4))
    assert crest_db(steadier) < crest_db(said) - 1.5


def test_a_ratio_of_one_changes_nothing() -> None:
    said = babble(1000)
    assert np.allclose(compressed(said.samples, threshold_db=-30, ratio=1), said.samples, atol=1e-6)


@pytest.mark.parametrize("count", [1, 23, 24, 25, 4801])
def test_any_length_comes_back_with_the_same_length(count: int) -> None:
    samples = np.ones(count, np.float32)
    assert len(compressed(samples, threshold_db=-20, ratio=2)) == count
