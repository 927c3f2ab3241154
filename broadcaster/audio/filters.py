"""Equalising with numpy alone: second-order sections, laid over a sound through their impulse response.

Why not scipy.signal: docs/decisions/0004-sound-without-scipy.md.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from broadcaster.audio.sound import CLIP_RATE, Samples

_TAPS = 4096
"""Length of an impulse response, 170 ms: the slowest filter here (38 Hz) has died away by 300 dB."""
_FFT = 32_768
_HOP = _FFT - _TAPS
_ROWS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Section:
    """One second-order filter: b0, b1, b2 over 1, a1, a2 (of z to the −1)."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def bell(centre_hz: float, *, quality: float, gain_db: float) -> Section:
    """Peaking equaliser after R. Bristow-Johnson's Audio EQ Cookbook."""
    a, cosine, alpha = 10 ** (gain_db / 40), *_angle(centre_hz, quality)
    return _normal((1 + alpha * a, -2 * cosine, 1 - alpha * a), (1 + alpha / a, -2 * cosine, 1 - alpha / a))


def high_shelf(corner_hz: float, *, gain_db: float) -> Section:
    """High shelf of slope 1 after the Audio EQ Cookbook."""
    a, cosine, alpha = 10 ** (gain_db / 40), *_angle(corner_hz, math.sqrt(0.5))
    up, down, bend = a + 1, a - 1, 2 * math.sqrt(a) * alpha
    return _normal(
        (a * (up + down * cosine + bend), -2 * a * (down + up * cosine), a * (up + down * cosine - bend)),
        (up - down * cosine + bend, 2 * (down - up * cosine), up - down * cosine - bend),
    )


def high_pass(corner_hz: float) -> tuple[Section, Section]:
    """Butterworth of the fourth order: two second-order high-passes of the cookbook."""
    return _high_pass(corner_hz, quality=0.541196), _high_pass(corner_hz, quality=1.306563)


def filtered(samples: Samples, sections: tuple[Section, ...]) -> Samples:
    """``samples`` through all ``sections``: same length, no delay but the filters' own (a few samples)."""
    response = _block_response(sections)
    output = np.empty_like(samples)
    tail = np.zeros(_TAPS, np.float32)
    for start in range(0, len(samples), _ROWS_AT_ONCE * _HOP):
        piece = samples[start : start + _ROWS_AT_ONCE * _HOP]
        rows = np.pad(piece, (0, -len(piece) % _HOP)).reshape(-1, _HOP)
        blocks = np.fft.irfft(np.fft.rfft(rows, _FFT) * response, _FFT)
        blocks[0, :_TAPS] += tail
        blocks[1:, :_TAPS] += blocks[:-1, _HOP:]
        tail = blocks[-1, _HOP:].astype(np.float32)
        output[start : start + len(piece)] = blocks[:, :_HOP].ravel()[: len(piece)]
    return output


@cache
def _block_response(sections: tuple[Section, ...]) -> NDArray[np.complex64]:
    frequencies = np.exp(-2j * np.pi * np.arange(_TAPS + 1) / (2 * _TAPS))
    response = np.ones(_TAPS + 1, np.complex128)
    for each in sections:
        response *= each.b0 + frequencies * (each.b1 + frequencies * each.b2)
        response /= 1 + frequencies * (each.a1 + frequencies * each.a2)
    impulse = np.fft.irfft(response)[:_TAPS]
    return np.fft.rfft(impulse, _FFT).astype(np.complex64)


def _high_pass(corner_hz: float, *, quality: float) -> Section:
    cosine, alpha = _angle(corner_hz, quality)
    edge = (1 + cosine) / 2
    return _normal((edge, -2 * edge, edge), (1 + alpha, -2 * cosine, 1 - alpha))


def _angle(frequency_hz: float, quality: float) -> tuple[float, float]:
    angle = 2 * math.pi * frequency_hz / CLIP_RATE
    return math.cos(angle), math.sin(angle) / (2 * quality)


def _normal(b: tuple[float, float, float], a: tuple[float, float, float]) -> Section:
    return Section(b[0] / a[0], b[1] / a[0], b[2] / a[0], a[1] / a[0], a[2] / a[0])
