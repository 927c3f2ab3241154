"""The horn chain in real time: the filters of :mod:`broadcaster.audio.horn`, a level that follows the speaker slowly,
and a limiter; what comes out is as long as what went in and later by ``LATE_SAMPLES``.

A finished clip is measured as a whole; here nothing is known of what comes, so the level is brought to the clips' own
by a gain that rises slowly in speech, falls quickly, and rests in pauses, so that the wind between two words is not
lifted.
"""

import numpy as np
from numpy.typing import NDArray

from broadcaster.audio.filters import Section, bell, high_pass, high_shelf
from broadcaster.audio.horn import CEILING, CHAINS, HornChain
from broadcaster.audio.settings import HornSetting
from broadcaster.audio.sound import CLIP_RATE, Samples, samples_of

TAPS = 2048
"""Length of the filters' impulse response, 85 ms: a high-pass at 200 Hz is over long before."""
STEP = samples_of(1)
LOOK_AHEAD = 5
"""Milliseconds the limiter sees ahead."""
LATE_SAMPLES = LOOK_AHEAD * STEP
TARGET_DB = -19.0
"""Level of speech, root mean square over its louder milliseconds, that sounds as loud as a clip at −16 LUFS."""
PAUSE_DB = -45.0
"""What is quieter is no speech: the gain rests."""
MOST_DB, LEAST_DB = 20.0, -20.0
RISE_DB, FALL_DB = 0.006, 0.03
"""How far the gain moves in a millisecond: 6 dB in a second up, 30 dB down."""
_LEVEL_MS = 200.0


class LiveChain:
    """State of one session's sound. ``process`` takes blocks of any whole number of milliseconds. What comes levelled
    is only limited."""

    def __init__(self, setting: HornSetting = "mild", *, follows_level: bool = True) -> None:
        self._follows_level = follows_level
        self._response = _response(_sections(CHAINS[setting])) if setting != "off" else None
        self._tail = np.zeros(TAPS - 1, np.float32)
        self._late = np.zeros(LATE_SAMPLES, np.float32)
        self._gain_db = 6.0
        self._power = 0.0
        self._limit = 1.0

    def process(self, samples: Samples) -> Samples:
        """The next samples of the same sound."""
        if len(samples) % STEP:
            raise ValueError("a block has a whole number of milliseconds")
        levelled = self._worked_on(samples) if len(samples) else samples
        joined = np.concatenate([self._late, levelled])
        self._late = joined[-LATE_SAMPLES:]
        return self._limited(joined)

    def _worked_on(self, samples: Samples) -> Samples:
        filtered = self._filtered(samples)
        return self._levelled(filtered) if self._follows_level else filtered

    def _filtered(self, samples: Samples) -> Samples:
        """Overlap and add: the end of this block's response sounds in the next."""
        if self._response is None:
            return samples
        length = len(samples) + TAPS - 1
        size = 1 << (length - 1).bit_length()
        spectrum = np.fft.rfft(samples, size) * np.fft.rfft(self._response, size)
        whole = np.fft.irfft(spectrum, size)[:length].astype(np.float32)
        whole[: TAPS - 1] += self._tail
        self._tail = whole[len(samples) :]
        return np.asarray(whole[: len(samples)], dtype=np.float32)

    def _levelled(self, samples: Samples) -> Samples:
        powers = np.mean(samples.reshape(-1, STEP).astype(np.float64) ** 2, axis=1)
        gains = np.empty(len(powers) + 1)
        gains[0] = self._gain_db
        for index, power in enumerate(powers.tolist()):
            gains[index + 1] = self._next_gain(power)
        return np.asarray(samples * _ramp(10 ** (gains / 20)), dtype=np.float32)

    def _next_gain(self, power: float) -> float:
        keep = 1 - 1 / _LEVEL_MS
        self._power = keep * self._power + (1 - keep) * power
        level_db = 10 * np.log10(self._power + 1e-12)
        if level_db > PAUSE_DB:
            wanted = min(MOST_DB, max(LEAST_DB, TARGET_DB - level_db))
            self._gain_db += min(RISE_DB, max(-FALL_DB, wanted - self._gain_db))
        return self._gain_db

    def _limited(self, joined: Samples) -> Samples:
        """All of ``joined`` but its last ``LATE_SAMPLES``, which are the limiter's view ahead; no sample above
        the clips' ceiling."""
        rows = joined.reshape(-1, STEP)
        needed = np.minimum(1.0, CEILING / np.maximum(np.abs(rows).max(axis=1), 1e-6))
        count = len(rows) - LOOK_AHEAD
        gains = np.empty(count + 1)
        gains[0] = self._limit
        for index in range(count):
            ahead = float(needed[index : index + LOOK_AHEAD + 1].min())
            step = (ahead - self._limit) / (LOOK_AHEAD - 1 if ahead < self._limit else 80)
            self._limit += step
            gains[index + 1] = self._limit
        out = joined[: count * STEP] * _ramp(gains)
        return np.asarray(np.clip(out, -CEILING, CEILING), dtype=np.float32)


def _sections(chain: HornChain) -> tuple[Section, ...]:
    return (
        *high_pass(chain.high_pass_hz),
        high_shelf(chain.shelf_hz, gain_db=chain.shelf_db),
        bell(3000, quality=0.9, gain_db=chain.presence_db),
    )


def _response(sections: tuple[Section, ...]) -> Samples:
    """The impulse response of the sections."""
    turns = np.exp(-2j * np.pi * np.arange(CLIP_RATE // 2 + 1) / CLIP_RATE)
    response = np.ones(len(turns), np.complex128)
    for each in sections:
        response *= each.b0 + turns * (each.b1 + turns * each.b2)
        response /= 1 + turns * (each.a1 + turns * each.a2)
    return np.asarray(np.fft.irfft(response)[:TAPS], dtype=np.float32)


def _ramp(ends: NDArray[np.float64]) -> Samples:
    """From one millisecond's gain to the next in a straight line."""
    line = np.linspace(0, 1, STEP, endpoint=False)
    return np.asarray((ends[:-1, None] + np.diff(ends)[:, None] * line).ravel(), dtype=np.float32)
