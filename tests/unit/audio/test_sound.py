import numpy as np
import pytest

from broadcaster.audio.sound import CLIP_RATE, Sound
from tests.doubles.fake_engine import hum


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_any_rate_becomes_the_clips_rate_with_the_same_length_and_pitch(rate: int) -> None:
    speech = hum(1000, pitch_hz=500, sample_rate=rate)
    sound = Sound.from_pcm16(speech.samples, sample_rate=rate)
    assert sound.duration_ms == pytest.approx(1000, abs=1)
    assert int(np.argmax(np.abs(np.fft.rfft(sound.samples[:CLIP_RATE])))) == pytest.approx(500, abs=1)


def test_an_empty_sound_is_allowed() -> None:
    empty = Sound.from_pcm16(np.zeros(0, np.int16), sample_rate=22_050)
    assert (empty.duration_ms, empty.peak) == (0, 0.0)


def test_what_is_above_full_scale_is_held_at_full_scale() -> None:
    assert Sound(np.array([2.0, -2.0], np.float32)).to_pcm16().tolist() == [32767, -32767]
