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


def faded(sound: Sound, *, in_ms: int = 0, out_ms: int = 0) -> Sound:
    """``sound`` rising at its beginning and dying away at its end, each over at most half of it."""
    half = sound.duration_ms // 2
    segment = _segment(sound)
    if in_ms:
        segment = segment.fade_in(min(in_ms, half))
    if out_ms:
        segment = segment.fade_out(min(out_ms, half))
    return _sound(segment)


def over_bed(words: Sound, bed: Sound, *, lead_ms: int, quieter_db: float) -> Sound:
    """``bed`` alone for ``lead_ms``, then under ``words`` by ``quieter_db``, then alone for ``lead_ms`` again.

    A short bed is played again and again, each end sliding into the next beginning; it rises and dies away.
    """
    whole_ms = lead_ms + words.duration_ms + lead_ms
    slide_ms = max(1, lead_ms // 2)
    music = _as_long(_segment(bed), whole_ms)
    music = music.fade(to_gain=-quieter_db, start=lead_ms - slide_ms, duration=slide_ms)
    music = music.fade(to_gain=quieter_db, start=lead_ms + words.duration_ms, duration=slide_ms)
    music = music.fade_in(slide_ms).fade_out(slide_ms)
    return _sound(music.overlay(_segment(words), position=lead_ms))


def _as_long(segment: AudioSegment, duration_ms: int) -> AudioSegment:
    """Repeated, and cut, until it lasts ``duration_ms``. Raises ValueError for a segment of no length."""
    if not len(segment):
        raise ValueError("nothing can be repeated to any length")
    while len(segment) < duration_ms:
        segment = segment.append(segment, crossfade=min(400, len(segment) // 4))
    return segment[:duration_ms]


def _segment(sound: Sound) -> AudioSegment:
    return _mono(sound.to_pcm16().tobytes())


def _mono(pcm: bytes) -> AudioSegment:
    return AudioSegment(data=pcm, sample_width=2, frame_rate=CLIP_RATE, channels=1)


def _silence(duration_ms: int) -> AudioSegment:
    return AudioSegment.silent(duration=duration_ms, frame_rate=CLIP_RATE)


def _sound(segment: AudioSegment) -> Sound:
    pcm = np.frombuffer(segment.raw_data, dtype=np.int16)
    return Sound.from_pcm16(pcm, sample_rate=segment.frame_rate)
