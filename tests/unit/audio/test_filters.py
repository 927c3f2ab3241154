import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from broadcaster.audio.filters import bell, filtered, high_pass, high_shelf
from broadcaster.audio.sound import CLIP_RATE

from .sounds import babble, tone


def gain_db(sections: tuple, pitch_hz: float) -> float:  # type: ignore[type-arg]
    before = tone(1000, pitch_hz=pitch_hz).samples
    after = filtered(before, sections)
    return float(20 * np.log10(np.std(after[12_000:]) / np.std(before[12_000:])))


@pytest.mark.parametrize("count", [1, 4096, 28_672, 28_673, 100_000, 64 * 28_672 + 5])
def test_any_length_is_filtered_as_by_running_the_recursion(count: int) -> None:
    noise = np.random.default_rng(1).standard_normal(count).astype(np.float32)
    reference = sosfilt(butter(4, 300, "highpass", fs=CLIP_RATE, output="sos"), noise)
    assert np.allclose(filtered(noise, high_pass(300)), reference, atol=2e-4)


def test_a_bell_lifts_its_centre_and_leaves_the_rest() -> None:
    section = (bell(3000, quality=0.9, gain_db=4),)
    assert gain_db(section, 3000) == pytest.approx(4, abs=0.05)
    assert gain_db(section, 200) == pytest.approx(0, abs=0.1)


def test_a_shelf_lifts_everything_above_its_corner() -> None:
    section = (high_shelf(1500, gain_db=6),)
    assert gain_db(section, 8000) == pytest.approx(6, abs=0.1)
    assert gain_db(section, 1500) == pytest.approx(3, abs=0.1)
    assert gain_db(section, 100) == pytest.approx(0, abs=0.1)


def test_no_filter_changes_nothing() -> None:
    said = babble(1500).samples
    assert np.allclose(filtered(said, ()), said, atol=1e-5)
