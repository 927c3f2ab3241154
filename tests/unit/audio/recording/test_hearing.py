"""Overdriven sound and long gaps are noticed; speech as it should be is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from broadcaster.audio.recording.hearing import longest_gap_ms, overdriven
from broadcaster.audio.sound import CLIP_RATE

SECONDS = np.arange(CLIP_RATE * 4) / CLIP_RATE


def pcm(waves: NDArray[np.float64]) -> bytearray:
    return bytearray((np.clip(waves, -1, 1) * 32_767).astype(np.int16).tobytes())


def voice(loudness: float = 0.15) -> NDArray[np.float64]:
    """Something that swells and fades as syllables do."""
    syllables = np.abs(np.sin(2 * np.pi * 1.7 * SECONDS)) ** 2
    tones = sum(np.sin(2 * np.pi * 140 * n * SECONDS) / n for n in range(1, 12))
    return np.asarray(loudness * syllables * tones)


def test_a_voice_that_is_too_loud_for_its_recorder_is_noticed() -> None:
    assert overdriven([pcm(voice() * 12)]) > 0.1
    assert overdriven([pcm(np.clip(voice() * 12, -0.6, 0.6))]) > 0.1


def test_a_voice_with_room_above_it_is_not() -> None:
    assert overdriven([pcm(voice())]) < 0.02
    assert overdriven([pcm(voice(0.02))]) == 0.0
    assert overdriven([]) == 0.0


@pytest.mark.long
def test_the_longest_gap_between_two_sounds_is_counted_and_silence_at_the_ends_is_not() -> None:
    silence = np.zeros(CLIP_RATE * 90)
    recording = np.concatenate([silence, voice(), np.zeros(CLIP_RATE * 70), voice(), silence])
    assert abs(longest_gap_ms([pcm(recording)]) - 70_000) <= 500
    assert abs(longest_gap_ms([pcm(voice()), pcm(silence), pcm(voice())]) - 90_000) <= 500
    assert longest_gap_ms([pcm(voice())]) < 1_000
    assert longest_gap_ms([pcm(silence)]) == longest_gap_ms([]) == 0
