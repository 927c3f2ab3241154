import numpy as np

from broadcaster.audio.sound import Sound
from broadcaster.audio.trim import trimmed
from tests.doubles.sounds import silence, tone


def test_an_engines_own_silence_is_taken_off_up_to_a_margin() -> None:
    said = Sound(np.concatenate([silence(500).samples, tone(300).samples, silence(800).samples]))
    assert trimmed(said).duration_ms == 40 + 300 + 40


def test_a_faint_first_consonant_is_kept() -> None:
    faint = tone(120, pitch_hz=5000, level=0.002)
    said = Sound(np.concatenate([faint.samples, tone(300, level=0.8).samples]))
    assert trimmed(said).duration_ms == 420


def test_a_wholly_silent_sound_is_left_alone() -> None:
    assert trimmed(silence(300)).duration_ms == 300
    assert trimmed(silence(0)).duration_ms == 0
