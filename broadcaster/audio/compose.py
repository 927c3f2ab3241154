"""Joins pieces and pauses into one recording; the only file that knows pydub."""

import warnings
from collections.abc import Iterable

import numpy as np

from broadcaster.audio.sound import CLIP_RATE, Sound

with warnings.catch_warnings():
    # pydub imports audioop (leaving the standard library in 3.13, then audioop-lts serves it), looks for an ffmpeg
    # that we never let it use, and its regular expressions predate raw strings.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.filterwarnings("ignore", message="Couldn't find ff", category=RuntimeWarning)
    from pydub import AudioSegment

SoundPiece = Sound | int
"""A sound, or a pause in ms."""


def compose(pieces: Iterable[SoundPiece]) -> Sound:
    """Every piece after the other, whole, nothing cross-faded, nothing trimmed; each is taken up in its turn."""
    segments = [_silence(piece) if isinstance(piece, int) else _segment(piece) for piece in pieces]
    return _sound(_mono(b"".join(segment.raw_data for segment in segments)))


def _segment(sound: Sound) -> AudioSegment:
    return _mono(sound.to_pcm16().tobytes())


def _mono(pcm: bytes) -> AudioSegment:
    return AudioSegment(data=pcm, sample_width=2, frame_rate=CLIP_RATE, channels=1)


def _silence(duration_ms: int) -> AudioSegment:
    return AudioSegment.silent(duration=duration_ms, frame_rate=CLIP_RATE)


def _sound(segment: AudioSegment) -> Sound:
    pcm = np.frombuffer(segment.raw_data, dtype=np.int16)
    return Sound.from_pcm16(pcm, sample_rate=segment.frame_rate)
