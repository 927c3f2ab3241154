"""Speech made for an outdoor horn: nothing it cannot radiate, more of what carries meaning, steadier level.

A horn passes about 300–6,000 Hz. Energy below only heats its coil; consonants live between 1 and 4 kHz and drown
first in traffic and rain. So: high-pass, presence, compressor, limiter. ``bench/intelligibility.py`` shows what it is
worth; strong costs clarity in quiet, so it is for emergencies.
"""

from dataclasses import dataclass
from typing import Literal

from broadcaster.audio.dynamics import compressed, limited
from broadcaster.audio.filters import bell, filtered, high_pass, high_shelf
from broadcaster.audio.loudness import set_to
from broadcaster.audio.sound import Samples, Sound

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
    sections = (
        *high_pass(chain.high_pass_hz),
        high_shelf(1500, gain_db=chain.shelf_db),
        bell(3000, quality=0.9, gain_db=chain.presence_db),
    )
    return compressed(
        filtered(samples, sections), threshold_db=chain.threshold_db, ratio=chain.ratio, release_ms=chain.release_ms
    )
