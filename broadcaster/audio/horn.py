"""Speech made for an outdoor horn: nothing it cannot radiate, more of what carries meaning, steadier level.

A horn passes about 300–6,000 Hz. Energy below only heats its coil; consonants live between 1 and 4 kHz and drown
first in traffic and rain. So: high-pass, presence, compressor, limiter. ``bench/intelligibility.py`` shows what it is
worth; strong costs clarity in quiet, so it is for emergencies.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from broadcaster.audio.dynamics import compressed, limited
from broadcaster.audio.loudness import set_to
from broadcaster.audio.sound import CLIP_RATE, Samples, Sound

HornSetting = Literal["mild", "strong", "off"]

CEILING = 0.7
"""Largest sample before encoding (−3 dB): Opus at a low bit rate overshoots by up to 2 dB and must not clip."""


@dataclass(frozen=True, slots=True)
class HornChain:
    """One tuning of the chain."""

    high_pass_hz: float
    """Corner of the fourth-order high-pass, in Hz."""
    shelf_db: float
    """Lift of everything above 1.5 kHz, in dB."""
    presence_db: float
    """Lift of a broad band around 3 kHz, in dB."""
    threshold_db: float
    """Where compression starts, in dB below the loudest peak."""
    ratio: float
    """How many dB in become one dB out above the threshold."""
    release_ms: float
    """How fast the compressor lets go, in ms."""


CHAINS = {
    "mild": HornChain(high_pass_hz=250, shelf_db=4, presence_db=3, threshold_db=-20, ratio=2.5, release_ms=80),
    "strong": HornChain(high_pass_hz=300, shelf_db=8, presence_db=4, threshold_db=-32, ratio=6, release_ms=30),
}


def prepared(sound: Sound, *, setting: HornSetting, lufs: float) -> Sound:
    """``sound`` shaped for a horn and set to ``lufs`` with no sample above ``CEILING``; same length, nothing moved."""
    shaped = sound if setting == "off" else Sound(_shaped(sound.samples, CHAINS[setting]))
    return levelled(shaped, lufs=lufs)


def levelled(sound: Sound, *, lufs: float) -> Sound:
    """Loudness set, then peaks held; once more, because holding the peaks costs loudness."""
    for _ in range(2):
        sound = Sound(limited(set_to(sound, lufs=lufs).samples, ceiling=CEILING))
    return sound


def _shaped(samples: Samples, chain: HornChain) -> Samples:
    sections = np.vstack(
        [
            butter(4, chain.high_pass_hz, "highpass", fs=CLIP_RATE, output="sos"),
            _high_shelf(1500, gain_db=chain.shelf_db),
            _bell(3000, quality=0.9, gain_db=chain.presence_db),
        ]
    )
    filtered = sosfilt(sections, samples).astype(np.float32)
    return compressed(filtered, threshold_db=chain.threshold_db, ratio=chain.ratio, release_ms=chain.release_ms)


def _bell(centre_hz: float, *, quality: float, gain_db: float) -> NDArray[np.float64]:
    """Peaking equaliser after R. Bristow-Johnson's Audio EQ Cookbook."""
    a, cosine, alpha = _cookbook(centre_hz, quality=quality, gain_db=gain_db)
    return _section((1 + alpha * a, -2 * cosine, 1 - alpha * a), (1 + alpha / a, -2 * cosine, 1 - alpha / a))


def _high_shelf(corner_hz: float, *, gain_db: float) -> NDArray[np.float64]:
    """High shelf after R. Bristow-Johnson's Audio EQ Cookbook, slope 1."""
    a, cosine, alpha = _cookbook(corner_hz, quality=math.sqrt(0.5), gain_db=gain_db)
    bend = 2 * math.sqrt(a) * alpha
    up, down = a + 1, a - 1
    return _section(
        (a * (up + down * cosine + bend), -2 * a * (down + up * cosine), a * (up + down * cosine - bend)),
        (up - down * cosine + bend, 2 * (down - up * cosine), up - down * cosine - bend),
    )


def _cookbook(frequency_hz: float, *, quality: float, gain_db: float) -> tuple[float, float, float]:
    angle = 2 * math.pi * frequency_hz / CLIP_RATE
    return 10 ** (gain_db / 40), math.cos(angle), math.sin(angle) / (2 * quality)


def _section(b: tuple[float, float, float], a: tuple[float, float, float]) -> NDArray[np.float64]:
    return np.array([*b, *a]) / a[0]
