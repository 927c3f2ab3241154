"""A recording is an Ogg file any player opens, whole up to its last page."""

import io

import numpy as np
import pytest
import soundfile

from broadcaster.audio.live.opus import OpusEncoder
from broadcaster.audio.live.recording import OggRecording

FRAME = 480


def recorded(frames: int, *, ended: bool = True) -> bytes:
    file, encoder = io.BytesIO(), OpusEncoder()
    recording = OggRecording(file, rate=24_000, pre_skip=encoder.lookahead * 2)
    tone = (np.sin(2 * np.pi * 500 * np.arange(FRAME * frames) / 24_000) * 9000).astype("<i2").tobytes()
    for start in range(0, len(tone), FRAME * 2):
        recording.add(encoder.encode(tone[start : start + FRAME * 2]))
    if ended:
        recording.end()
    encoder.close()
    return file.getvalue()


@pytest.mark.parametrize("frames", [1, 49, 50, 51, 175])
def test_what_was_added_is_heard_again(frames: int) -> None:
    sound, rate = soundfile.read(io.BytesIO(recorded(frames)))
    assert rate == 24_000
    assert 0 <= frames * FRAME - len(sound) < FRAME
    assert np.abs(sound).max() > 0.2


def test_a_program_that_ends_in_the_middle_loses_a_second_at_most() -> None:
    sound, _ = soundfile.read(io.BytesIO(recorded(175, ended=False)))
    assert len(sound) >= 120 * FRAME
