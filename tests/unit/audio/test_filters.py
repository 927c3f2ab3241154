import numpy as np
import pytest

from broadcaster.audio.filters import Section, bell, filtered, high_pass, high_shelf
from tests.doubles.sounds import babble, tone


def gain_db(sections: tuple, pitch_hz: float) -> float:  # type: ignore[type-arg]
    before = tone(1000, pitch_hz=pitch_hz).samples
    after = filtered(before, sections)
    return float(20 * np.log10(np.std(after[12_000:]) / np.std(before[12_000:])))


def recursion(samples: np.ndarray, section: Section) -> np.ndarray:  # type: ignore[type-arg]
    """The textbook's way, one sample at a time."""
    out, x1, x2, y1, y2 = [], 0.0, 0.0, 0.0, 0.0
    for x in samples.tolist():
        y = section.b0 * x + section.b1 * x1 + section.b2 * x2 - section.a1 * y1 - section.a2 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        out.append(y)
    return np.array(out)


@pytest.mark.parametrize("count", [1, 4096, 28_672, 28_673, 60_000])
def test_any_length_is_filtered_as_by_running_the_recursion(count: int) -> None:
    noise = np.random.default_rng(1).standard_normal(count).astype(np.float32)
    first, second = high_pass(300)
    assert np.allclose(filtered(noise, (first, second)), recursion(recursion(noise, first), second), atol=2e-4)


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
