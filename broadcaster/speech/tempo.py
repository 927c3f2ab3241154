"""Faster or slower without changing the pitch, for engines that know only one speed."""

import numpy as np
from numpy.typing import NDArray

_FRAME_MS = 30
_SEARCH_MS = 8


def at_tempo(samples: NDArray[np.int16], *, sample_rate: int, percent: int) -> NDArray[np.int16]:
    """``samples`` at ``percent`` of their speed, by waveform-similarity overlap-add (Verhelst and Roelands 1993)."""
    half = sample_rate * _FRAME_MS // 2000
    if percent == 100 or len(samples) < 6 * half:
        return samples
    search = sample_rate * _SEARCH_MS // 1000
    padded = np.pad(samples.astype(np.float64), (search, 4 * half + 2 * search))
    count = int(len(samples) * 100 / percent) // half
    window = np.hanning(2 * half + 1)[:-1]
    output = np.zeros((count + 2) * half)
    natural = search
    for index in range(count):
        wanted = search + min(index * half * percent // 100, len(samples))
        start = _most_alike(padded, natural, wanted, span=(half, search))
        output[index * half : index * half + 2 * half] += window * padded[start : start + 2 * half]
        natural = start + half
    return np.clip(np.round(output[: count * half]), -32768, 32767).astype(np.int16)


def _most_alike(padded: NDArray[np.float64], natural: int, wanted: int, *, span: tuple[int, int]) -> int:
    """Where near ``wanted`` the sound goes on most like it would naturally after the last frame."""
    half, search = span
    model = padded[natural : natural + half]
    region = padded[wanted - search : wanted + search + half]
    likeness = np.correlate(region, model, mode="valid")
    energy = np.convolve(region**2, np.ones(half), mode="valid")
    return wanted - search + int(np.argmax(likeness / np.sqrt(energy + 1.0)))
