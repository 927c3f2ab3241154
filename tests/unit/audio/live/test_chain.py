"""The horn chain in real time: loud enough, never too loud, and the same however the sound is cut."""

import numpy as np
import pytest

from broadcaster.audio.horn import CEILING
from broadcaster.audio.live.chain import LATE_SAMPLES, LiveChain

RATE = 24_000


def voice(seconds: float, level: float) -> np.ndarray:
    """Bursts of 1 kHz, four a second."""
    times = np.arange(round(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * 1000 * times) * (np.sin(2 * np.pi * 2 * times) > 0) * level).astype(np.float32)


def processed(samples: np.ndarray, block_ms: int = 20) -> np.ndarray:
    chain, step = LiveChain(), RATE * block_ms // 1000
    return np.concatenate([chain.process(samples[start : start + step]) for start in range(0, len(samples), step)])


def loudness(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


@pytest.mark.parametrize("level", [0.02, 0.1, 0.9])
def test_a_quiet_and_a_loud_speaker_end_at_about_one_level(level: float) -> None:
    last = processed(voice(8, level))[-2 * RATE :]
    assert -25 < loudness(last) < -14


def test_no_sample_is_above_the_ceiling_of_clips() -> None:
    sudden = np.concatenate([voice(2, 0.02), voice(2, 1.0)])
    assert np.abs(processed(sudden)).max() <= CEILING + 1e-6


def test_a_pause_is_not_lifted() -> None:
    noise = (np.random.default_rng(7).standard_normal(RATE * 6) * 0.001).astype(np.float32)
    assert loudness(processed(noise)) < -45


def test_how_the_sound_is_cut_into_blocks_changes_nothing() -> None:
    samples = voice(2, 0.3)
    assert np.allclose(processed(samples, 20), processed(samples, 400), atol=1e-4)


def test_what_comes_out_is_as_long_and_a_few_milliseconds_later() -> None:
    click = np.zeros(RATE // 10, np.float32)
    click[480] = 0.3
    out = processed(click)
    assert len(out) == len(click)
    assert abs(int(np.argmax(np.abs(out))) - 480 - LATE_SAMPLES) < 24


def test_a_rumble_below_the_horn_is_taken_away() -> None:
    times = np.arange(RATE * 3) / RATE
    rumble = (np.sin(2 * np.pi * 60 * times) * 0.3).astype(np.float32)
    assert loudness(processed(rumble)[RATE:]) < -40


def test_half_a_millisecond_is_no_block() -> None:
    with pytest.raises(ValueError, match="millisecond"):
        LiveChain().process(np.zeros(12, np.float32))
