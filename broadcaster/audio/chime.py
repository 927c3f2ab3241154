"""Attention tones, synthesised: each class of announcement is known by its chime before a word is said."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from broadcaster.audio.sound import CLIP_RATE, Sound, samples_of
from broadcaster.errors import Invalid


@dataclass(frozen=True, slots=True)
class Tone:
    """One stroke or sweep of a chime."""

    from_hz: float
    """Pitch at its start, in Hz."""
    to_hz: float
    """Pitch at its end, in Hz."""
    duration_ms: int
    """How long it sounds, in ms."""
    struck: bool = True
    """True: dies away like a bell; False: stays level like a siren."""
    gap_ms: int = 0
    """Silence after it, in ms."""


def _bell(pitch_hz: float, duration_ms: int = 550) -> Tone:
    return Tone(pitch_hz, pitch_hz, duration_ms)


_SIREN = (
    Tone(600, 1400, 700, struck=False),
    Tone(1400, 600, 700, struck=False, gap_ms=120),
)
CHIMES: dict[str, tuple[Tone, ...]] = {
    "routine": (_bell(523), _bell(659), _bell(784, 1100)),
    "priority": (_bell(988, 450), _bell(784, 450), _bell(988, 450), _bell(784, 1000)),
    "emergency": _SIREN * 3,
    "chirp": (Tone(1300, 2100, 110, struck=False, gap_ms=90), Tone(1500, 2400, 130, struck=False)),
    "drill": (Tone(880, 880, 160, struck=False, gap_ms=340),) * 6,
}


@cache
def chime(name: str) -> Sound:
    """The chime called ``name``; raises ``Invalid`` on an unknown one."""
    if name not in CHIMES:
        raise Invalid("chime.not_found", field="chime", chime=name, known=CHIMES)
    samples = np.concatenate([_sounded(tone) for tone in CHIMES[name]])
    return Sound((0.5 * samples / np.max(np.abs(samples))).astype(np.float32))


def _sounded(tone: Tone) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    count = samples_of(tone.duration_ms)
    pitch = np.linspace(tone.from_hz, tone.to_hz, count)
    phase = 2 * np.pi * np.cumsum(pitch) / CLIP_RATE
    wave = np.sin(phase) + 0.35 * np.sin(2 * phase) + 0.15 * np.sin(3 * phase)
    seconds = np.arange(count) / CLIP_RATE
    envelope = np.exp(-4.5 * seconds) if tone.struck else np.ones(count)
    edge = np.minimum(1.0, np.minimum(seconds, seconds[::-1]) / 0.008)
    return np.concatenate([wave * envelope * edge, np.zeros(samples_of(tone.gap_ms))])
