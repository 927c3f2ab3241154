"""Compressor and limiter, worked out once a millisecond and laid smoothly over the samples."""

import math

import numpy as np
from numpy.typing import NDArray

from broadcaster.audio.sound import Samples, samples_of

_STEP = samples_of(1)
_FLOOR = 1e-6
_ROWS_AT_ONCE = 60_000

Curve = NDArray[np.float64]
"""One value per millisecond."""


def compressed(
    samples: Samples, *, threshold_db: float, ratio: float, attack_ms: float = 3, release_ms: float = 60
) -> Samples:
    """Brings what is above ``threshold_db`` (relative to the loudest peak) closer to it; soft knee of 6 dB."""
    peaks = _peaks(samples)
    level_db = 20 * np.log10(_followed(peaks / max(float(peaks.max()), _FLOOR), attack_ms, release_ms) + _FLOOR)
    over = level_db - threshold_db
    slope = 1 / ratio - 1
    knee = slope * (over + 3) ** 2 / 12
    gain_db = np.where(over <= -3, 0.0, np.where(over >= 3, slope * over, knee))
    return _with_gain(samples, 10 ** (gain_db / 20))


def limited(samples: Samples, *, ceiling: float, look_ahead_ms: int = 4) -> Samples:
    """No sample above ``ceiling``; the gain moves slowly enough not to crackle, and ahead of the peak it is for."""
    needed = np.minimum(1.0, ceiling / np.maximum(_peaks(samples), _FLOOR))
    held = _windows(needed, look_ahead_ms + 1).min(axis=1)
    smooth = _windows(held, look_ahead_ms - 1).mean(axis=1)
    held_back = _with_gain(samples, smooth)
    return np.clip(held_back, -ceiling, ceiling, out=held_back)


def _windows(curve: Curve, reach: int) -> Curve:
    """Every value with its ``reach`` neighbours on either side, one row each."""
    return np.lib.stride_tricks.sliding_window_view(np.pad(curve, reach, mode="edge"), 2 * reach + 1)


def _peaks(samples: Samples) -> Curve:
    """The largest sample of every millisecond, the last one perhaps cut short."""
    starts = np.arange(0, len(samples), _STEP)
    high, low = np.maximum.reduceat(samples, starts), np.minimum.reduceat(samples, starts)
    return np.asarray(np.maximum(high, -low), dtype=np.float64)


def _followed(level: Curve, attack_ms: float, release_ms: float) -> Curve:
    """One-node envelope that rises in ``attack_ms`` and falls in ``release_ms``."""
    rise, fall = math.exp(-1 / attack_ms), math.exp(-1 / release_ms)
    state = 0.0
    followed = []
    for value in level.tolist():
        keep = rise if value > state else fall
        state = value + keep * (state - value)
        followed.append(state)
    return np.array(followed)


def _with_gain(samples: Samples, gain: Curve) -> Samples:
    """The gain runs straight from the middle of one millisecond to the middle of the next; a minute at a time."""
    ends = np.concatenate([gain[:1], gain, gain[-1:]]).astype(np.float32)
    ramp = np.linspace(0, 1, _STEP, endpoint=False, dtype=np.float32)
    output = samples.copy()
    lead = _STEP // 2
    for row in range(0, len(ends) - 1, _ROWS_AT_ONCE):
        part = ends[row : row + _ROWS_AT_ONCE + 1]
        line = (part[:-1, None] + np.diff(part)[:, None] * ramp).ravel()
        start = row * _STEP - lead
        piece = output[max(0, start) : start + len(line)]
        piece *= line[max(0, -start) :][: len(piece)]
    return output
