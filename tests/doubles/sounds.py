"""Sounds the tests of this room are made of."""

import numpy as np

from broadcaster.audio.sound import CLIP_RATE, Sound


def tone(duration_ms: float, *, pitch_hz: float = 1000.0, level: float = 0.3) -> Sound:
    seconds = np.arange(int(duration_ms * CLIP_RATE / 1000)) / CLIP_RATE
    return Sound((level * np.sin(2 * np.pi * pitch_hz * seconds)).astype(np.float32))


def babble(duration_ms: float = 6000, *, seed: int = 7) -> Sound:
    """Noise that comes and goes at the pace of syllables: as uneven as speech, with most of its energy low down."""
    random = np.random.default_rng(seed)
    count = int(duration_ms * CLIP_RATE / 1000)
    white = random.standard_normal(count)
    spectrum = np.fft.rfft(white) / np.maximum(np.fft.rfftfreq(count, 1 / CLIP_RATE), 100)
    noise = np.fft.irfft(spectrum, count)
    syllables = np.abs(np.sin(2 * np.pi * 2 * np.arange(count) / CLIP_RATE)) ** 2 + 0.02
    uneven = noise * syllables * np.repeat(random.uniform(0.2, 1, count // 6000 + 1), 6000)[:count]
    return Sound((0.6 * uneven / np.max(np.abs(uneven))).astype(np.float32))


def silence(duration_ms: float) -> Sound:
    return Sound(np.zeros(int(duration_ms * CLIP_RATE / 1000), np.float32))


def crest_db(sound: Sound) -> float:
    return float(20 * np.log10(sound.peak / np.sqrt(np.mean(sound.samples**2))))


def energy_db(sound: Sound, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(sound.samples)) ** 2
    at_hz = np.fft.rfftfreq(len(sound.samples), 1 / CLIP_RATE)
    return float(10 * np.log10(power[(at_hz >= low_hz) & (at_hz < high_hz)].sum() + 1e-12))
