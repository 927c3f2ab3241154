"""How loud a recording is to the ear, measured after ITU-R BS.1770-4 (one channel), and setting it."""

import math

import numpy as np
from numpy.typing import NDArray

from broadcaster.audio.filters import Section, filtered
from broadcaster.audio.sound import CLIP_RATE, Sound, samples_of

SILENCE_LUFS = -70.0
"""The standard's absolute gate: at or below it there is nothing to hear."""
_BLOCK_MS, _STEP_MS = 400, 100
_RELATIVE_GATE_DB = -10.0
_OFFSET_DB = -0.691


def _head_shelf() -> Section:
    """Stage 1 of K-weighting, the analogue prototype of the standard's 48 kHz table brought to the clip's rate."""
    k, quality = math.tan(math.pi * 1681.974450955533 / CLIP_RATE), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / quality + k * k
    return Section(
        b0=(high + band * k / quality + k * k) / a0,
        b1=2 * (k * k - high) / a0,
        b2=(high - band * k / quality + k * k) / a0,
        a1=2 * (k * k - 1) / a0,
        a2=(1 - k / quality + k * k) / a0,
    )


def _low_cut() -> Section:
    """Stage 2 of K-weighting."""
    k, quality = math.tan(math.pi * 38.13547087602444 / CLIP_RATE), 0.5003270373238773
    a0 = 1 + k / quality + k * k
    return Section(b0=1.0, b1=-2.0, b2=1.0, a1=2 * (k * k - 1) / a0, a2=(1 - k / quality + k * k) / a0)


_K_WEIGHTING = (_head_shelf(), _low_cut())


def loudness_lufs(sound: Sound) -> float:
    """Integrated loudness in LUFS; pauses do not count (gated); silence gives ``SILENCE_LUFS``."""
    power = _block_power(sound)
    heard = power[_level(power) > SILENCE_LUFS]
    if not len(heard):
        return SILENCE_LUFS
    gate = _level(np.mean(heard)) + _RELATIVE_GATE_DB
    return max(SILENCE_LUFS, float(_level(np.mean(heard[_level(heard) > gate]))))


def amplified(sound: Sound, *, gain_db: float) -> Sound:
    return Sound((sound.samples * 10 ** (gain_db / 20)).astype(np.float32))


def set_to(sound: Sound, *, lufs: float) -> Sound:
    """``sound`` at ``lufs``; silence stays silence. Peaks may pass full scale: limit afterwards."""
    measured = loudness_lufs(sound)
    if measured <= SILENCE_LUFS:
        return sound
    return amplified(sound, gain_db=lufs - measured)


def _block_power(sound: Sound) -> NDArray[np.float64]:
    """Mean square of every 400 ms, a new one each 100 ms; a shorter sound is one block, filled up with silence."""
    step, steps = samples_of(_STEP_MS), _BLOCK_MS // _STEP_MS
    weighted = filtered(sound.samples, _K_WEIGHTING)
    whole = max(len(weighted) // step, steps) * step
    if len(weighted) < whole:
        weighted = np.pad(weighted, (0, whole - len(weighted)))
    rows = weighted[:whole].reshape(-1, step)
    energy = np.einsum("ij,ij->i", rows, rows).astype(np.float64)
    blocks = np.lib.stride_tricks.sliding_window_view(energy, steps)
    return np.asarray(blocks.sum(axis=1) / (step * steps))


def _level(power: NDArray[np.float64] | np.floating) -> NDArray[np.float64]:
    return np.asarray(_OFFSET_DB + 10 * np.log10(np.maximum(power, 1e-15)))
