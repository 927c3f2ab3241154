"""The one shape sound has in this room: mono float samples at the clip's rate."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLIP_RATE = 24_000
"""Samples per second of every clip: one of Opus's own rates, twice what a horn can radiate."""

Samples = NDArray[np.float32]
"""Mono samples, full scale at ±1."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono sound at ``CLIP_RATE``."""

    samples: Samples
    """Samples, full scale at ±1."""

    @classmethod
    def from_pcm16(cls, pcm: NDArray[np.int16], *, sample_rate: int) -> "Sound":
        samples = pcm.astype(np.float32)
        samples /= 32768.0
        return cls.from_samples(samples, sample_rate=sample_rate)

    @classmethod
    def from_samples(cls, samples: Samples, *, sample_rate: int) -> "Sound":
        """Resampled to the clip's rate through its whole spectrum, so nothing moves in time."""
        if sample_rate == CLIP_RATE or not len(samples):
            return cls(samples)
        common = math.gcd(CLIP_RATE, sample_rate)
        up, down = CLIP_RATE // common, sample_rate // common
        blocks = _quick_length(math.ceil((len(samples) + sample_rate // 50) / down))
        spectrum = np.fft.rfft(samples, blocks * down)
        converted = np.fft.irfft(spectrum * (up / down), blocks * up)
        return cls(converted[: math.ceil(len(samples) * up / down)].astype(np.float32))

    @property
    def duration_ms(self) -> int:
        return round(len(self.samples) * 1000 / CLIP_RATE)

    @property
    def peak(self) -> float:
        """Largest sample, full scale being 1."""
        return float(max(np.max(self.samples), -np.min(self.samples))) if len(self.samples) else 0.0

    def to_pcm16(self) -> NDArray[np.int16]:
        scaled = np.clip(self.samples, -1.0, 1.0)
        scaled *= 32767.0
        return np.rint(scaled, out=scaled).astype(np.int16)


def samples_of(duration_ms: float) -> int:
    """How many samples ``duration_ms`` lasts."""
    return round(duration_ms * CLIP_RATE / 1000)


def _quick_length(least: int) -> int:
    """The next number with no prime factor above 5, for which a Fourier transform is quick."""
    number = least
    while not _is_smooth(number):
        number += 1
    return number


def _is_smooth(number: int) -> bool:
    for prime in (2, 3, 5):
        while number % prime == 0:
            number //= prime
    return number == 1
