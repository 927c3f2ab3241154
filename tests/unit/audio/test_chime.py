import itertools

import numpy as np
import pytest

from broadcaster.audio.chime import CHIMES, chime
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.errors import Invalid
from tests.doubles.sounds import energy_db

ANNOUNCING = [name for name in CHIMES if name != "chirp"]
"""Those that come before words; the chirp sounds alone."""


def spectrogram(sound: Sound) -> np.ndarray:  # type: ignore[type-arg]
    """Normalised strength in 100 Hz bands, every 100 ms of the first four seconds."""
    samples = np.pad(sound.samples, (0, 4 * CLIP_RATE))[: 4 * CLIP_RATE]
    frames = np.abs(np.fft.rfft(samples.reshape(-1, 2400), axis=1))[:, :400].reshape(40, 40, 10).sum(axis=2)
    return np.asarray(frames / np.linalg.norm(frames))


def test_every_class_and_the_drill_have_a_chime() -> None:
    assert set(ANNOUNCING) == {"routine", "priority", "emergency", "drill"}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(CHIMES, 2)))
def test_no_chime_can_be_taken_for_another(one: str, other: str) -> None:
    assert float(np.sum(spectrogram(chime(one)) * spectrogram(chime(other)))) < 0.7


@pytest.mark.parametrize("name", ANNOUNCING)
def test_a_chime_lasts_long_enough_to_wake_an_amplifier_and_does_not_clip(name: str) -> None:
    assert 1500 <= chime(name).duration_ms <= 6000
    assert chime(name).peak <= 0.5


@pytest.mark.parametrize("name", CHIMES)
def test_a_chime_lies_where_a_horn_is_heard(name: str) -> None:
    assert energy_db(chime(name), 300, 6000) > energy_db(chime(name), 0, 300) + 15


@pytest.mark.parametrize("name", CHIMES)
def test_a_chime_begins_and_ends_without_a_click(name: str) -> None:
    assert abs(float(chime(name).samples[0])) < 0.01
    assert abs(float(chime(name).samples[-1])) < 0.01


def test_an_unknown_chime_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match=r"chime\.not_found"):
        chime("còi")
