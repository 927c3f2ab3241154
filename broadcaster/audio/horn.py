"""Speech made for an outdoor horn: nothing it cannot radiate, more of what carries meaning, steadier level.

A horn passes about 300–6,000 Hz. Energy below only heats its coil; consonants live between 1 and 4 kHz and drown
first in traffic and rain. So: high-pass, presence, compressor, limiter. ``bench/intelligibility.py`` shows what it is
worth by two meters. Emergencies are ``loud``: the mild chain, 2 dB louder; strong costs more understanding than it
brings.
"""

from dataclasses import dataclass

from broadcaster.audio.dynamics import compressed, limited
from broadcaster.audio.filters import bell, filtered, high_pass, high_shelf
from broadcaster.audio.loudness import set_to
from broadcaster.audio.settings import HornSetting
from broadcaster.audio.sound import Sound

CEILING = 0.7
"""Largest sample before encoding (−3 dB): Opus at a low bit rate overshoots by up to 2 dB and must not clip."""


@dataclass(frozen=True, slots=True)
class HornChain:
    """One tuning of the chain.

    high_pass_hz: corner of the fourth-order high-pass.
    shelf_hz, shelf_db: everything above ``shelf_hz`` is lifted by ``shelf_db``.
    presence_db: lift of a broad band around 3 kHz.
    threshold_db: where compression starts, relative to the loudest peak.
    ratio: how many dB in become one dB out above the threshold.
    attack_ms, release_ms: how fast the compressor takes hold and lets go.
    limit_db: how far the highest peaks are pushed down in the end.
    """

    high_pass_hz: float
    shelf_hz: float
    shelf_db: float
    presence_db: float
    threshold_db: float
    ratio: float
    attack_ms: float
    release_ms: float
    limit_db: float


CHAINS = {
    "mild": HornChain(
        high_pass_hz=200,
        shelf_hz=1000,
        shelf_db=5,
        presence_db=2,
        threshold_db=-24,
        ratio=2,
        attack_ms=3,
        release_ms=60,
        limit_db=4,
    ),
    "strong": HornChain(
        high_pass_hz=200,
        shelf_hz=800,
        shelf_db=12,
        presence_db=2,
        threshold_db=-28,
        ratio=3,
        attack_ms=2,
        release_ms=60,
        limit_db=6,
    ),
}
CHAINS["loud"] = CHAINS["mild"]


def prepared(sound: Sound, *, setting: HornSetting, lufs: float) -> Sound:
    """``sound`` shaped for a horn and set to ``lufs`` with no sample above ``CEILING``; same length, nothing moved."""
    ready = sound if setting == "off" else shaped(sound, CHAINS[setting])
    return levelled(ready, lufs=lufs)


def levelled(sound: Sound, *, lufs: float) -> Sound:
    """Loudness set, then peaks held; once more, because holding the peaks costs loudness."""
    for _ in range(2):
        sound = Sound(limited(set_to(sound, lufs=lufs).samples, ceiling=CEILING))
    return sound


def shaped(sound: Sound, chain: HornChain) -> Sound:
    """Equalised, compressed and limited, at whatever level comes of it."""
    sections = (
        *high_pass(chain.high_pass_hz),
        high_shelf(chain.shelf_hz, gain_db=chain.shelf_db),
        bell(3000, quality=0.9, gain_db=chain.presence_db),
    )
    steady = compressed(
        filtered(sound.samples, sections),
        threshold_db=chain.threshold_db,
        ratio=chain.ratio,
        attack_ms=chain.attack_ms,
        release_ms=chain.release_ms,
    )
    return Sound(limited(steady, ceiling=Sound(steady).peak * 10 ** (-chain.limit_db / 20)))
