"""Our own filters and meter beside the libraries they stand in for (too slow to load for the unit tests)."""

import numpy as np
import pytest

from broadcaster.audio.filters import filtered, high_pass
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.sound import CLIP_RATE
from tests.doubles.sounds import babble

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_loudness_agrees_with_pyloudnorm(seed: int) -> None:
    import pyloudnorm

    said = babble(9000, seed=seed)
    theirs = pyloudnorm.Meter(CLIP_RATE).integrated_loudness(said.samples)
    assert loudness_lufs(said) == pytest.approx(theirs, abs=0.1)


@pytest.mark.parametrize("count", [100_000, 64 * 28_672 + 5])
def test_a_high_pass_agrees_with_scipys_butterworth(count: int) -> None:
    from scipy.signal import butter, sosfilt

    noise = np.random.default_rng(1).standard_normal(count).astype(np.float32)
    theirs = sosfilt(butter(4, 300, "highpass", fs=CLIP_RATE, output="sos"), noise)
    assert np.allclose(filtered(noise, high_pass(300)), theirs, atol=2e-4)
