"""What a recording sounds like once it is unpacked."""

from typing import Any

import numpy as np

from broadcaster.audio.recording.found import Found
from broadcaster.audio.recording.unpack import unpack
from broadcaster.audio.sound import CLIP_RATE


def unpacked(content: bytes, *, longest_minutes: int = 1) -> tuple[Found, "np.ndarray[Any, np.dtype[np.float64]]"]:
    """What was found, and the samples, full scale at ±1."""
    facts, pcm = unpack(content, {"longest_minutes": longest_minutes})
    return Found(**facts), np.frombuffer(pcm, np.int16) / 32768


def seconds(content: bytes) -> float:
    return len(unpacked(content)[1]) / CLIP_RATE


def pitch_hz(samples: "np.ndarray[Any, np.dtype[np.float64]]") -> float:
    """Of the middle half."""
    middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
    return float(np.argmax(np.abs(np.fft.rfft(middle)))) * CLIP_RATE / len(middle)
