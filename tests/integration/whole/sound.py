"""Listening by measurement: duration, level and correlation of what a node played with the clip it was sent."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

Samples = npt.NDArray[np.float64]
RATE = 8000
"""Both sides are compared at this rate: speech through a horn has nothing above."""


AUDIBLE_DB = -45.0
"""Quieter windows are pauses; noise compared with noise says nothing."""


@dataclass(frozen=True)
class Heard:
    """offset_seconds: where the clip begins in the recording; correlation: 1 is identical; both 0 when absent.

    copies: how many times the whole clip is in the recording.
    """

    offset_seconds: float
    correlation: float
    copies: int


def read(source: Path | bytes, *, rate: int = RATE) -> Samples:
    """Mono samples in -1…1 at ``rate``."""
    with soundfile.SoundFile(source if isinstance(source, Path) else io.BytesIO(source)) as file:
        samples = file.read(dtype="float64", always_2d=True).mean(axis=1)
        return resampled(samples, file.samplerate, rate)


def resampled(samples: Samples, from_rate: int, to_rate: int) -> Samples:
    from scipy.signal import resample_poly

    if from_rate == to_rate:
        return samples
    return np.asarray(resample_poly(samples, to_rate, from_rate), dtype=np.float64)


def find(recording: Samples, clip: Samples, *, rate: int = RATE) -> Heard:
    """Where and how often ``clip`` sounds, whole, in ``recording``."""
    from scipy.signal import correlate

    if len(recording) < len(clip):
        recording = np.pad(recording, (0, len(clip) - len(recording) + 1))
    raw = correlate(recording, clip, mode="valid", method="fft")
    energy = np.concatenate([[0.0], np.cumsum(recording**2)])
    window = np.sqrt(np.maximum(energy[len(clip) :] - energy[: len(energy) - len(clip)], 1e-9))
    score = raw / (window * np.sqrt((clip**2).sum()))
    best = int(np.argmax(score))
    copies, rest = 0, score.copy()
    while rest.max() > 0.8:
        copies += 1
        peak = int(np.argmax(rest))
        rest[max(0, peak - len(clip) // 2) : peak + len(clip) // 2] = 0
    return Heard(best / rate, float(score[best]), copies)


def level_db(samples: Samples) -> float:
    """Root mean square in dB below full scale."""
    return float(20 * np.log10(max(np.sqrt(np.mean(samples**2)), 1e-9)))


def faithful(recording: Samples, clip: Samples, start: int, *, rate: int, slack_seconds: float = 0.01) -> float:
    """The worst likeness of any audible tenth of a second of ``clip``, played from index ``start`` on.

    ``slack_seconds`` allows for a card whose clock is led back into step by a few samples now and then.
    """
    length, slack = rate // 10, int(slack_seconds * rate)
    worst = 1.0
    for begin in range(0, len(clip) - length, length):
        window = clip[begin : begin + length]
        if level_db(window) < AUDIBLE_DB:
            continue
        near = recording[max(0, start + begin - slack) : start + begin + length + slack]
        worst = min(worst, find(near, window, rate=rate).correlation)
    return worst
