"""A village square in numbers: what a horn and 150 m of air leave of a sound, and what it has to be heard against."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from broadcaster.audio.sound import CLIP_RATE

Array = NDArray[np.float64]

# EN 1793-3: normalised road-traffic spectrum, A-weighted level in third octaves from 100 to 5,000 Hz, dB.
_TRAFFIC_HZ = 100 * 10 ** (np.arange(18) / 10)
_TRAFFIC_DB = np.array([-20, -20, -18, -16, -15, -14, -13, -12, -11, -9, -8, -9, -10, -11, -13, -15, -16, -18.0])
_RAIN_HZ, _RAIN_DB = np.array([20, 500, 1000, 12_000.0]), np.array([-12, 0, 0, -4.0])


def at_the_listener(samples: Array) -> Array:
    """Through a horn (300–6,000 Hz, a broad 4 dB resonance at 2 kHz) and 150 m of warm, damp air."""
    band = signal.butter(4, [300, 6000], "bandpass", fs=CLIP_RATE, output="sos")
    radiated = signal.sosfilt(band, samples)
    spectrum, hertz = np.fft.rfft(radiated), np.fft.rfftfreq(len(radiated), 1 / CLIP_RATE)
    resonance_db = 4 / (1 + (np.log2(np.maximum(hertz, 1) / 2000) / 0.7) ** 2)
    gain = 10 ** ((resonance_db - 150 * air_db_per_metre(hertz)) / 20)
    return np.asarray(np.fft.irfft(spectrum * gain, len(radiated)))


def air_db_per_metre(hertz: Array, *, kelvin: float = 303.15, humidity_percent: float = 75.0) -> Array:
    """Absorption by the atmosphere at sea level, ISO 9613-1 formulas 3 to 5."""
    ratio = kelvin / 293.15
    vapour = humidity_percent * 10 ** (4.6151 - 6.8346 * (273.16 / kelvin) ** 1.261)
    oxygen = 24 + 4.04e4 * vapour * (0.02 + vapour) / (0.391 + vapour)
    nitrogen = ratio**-0.5 * (9 + 280 * vapour * np.exp(-4.17 * (ratio ** (-1 / 3) - 1)))
    square = np.maximum(hertz, 1e-3) ** 2
    molecules = 0.01275 * np.exp(-2239.1 / kelvin) / (oxygen + square / oxygen)
    molecules += 0.1068 * np.exp(-3352.0 / kelvin) / (nitrogen + square / nitrogen)
    return np.asarray(8.686 * square * (1.84e-11 * ratio**0.5 + ratio**-2.5 * molecules))


def noises(speech: Array, *, seed: int = 7) -> dict[str, Array]:
    """Three noises as long as ``speech``, each at an A-weighted level of 1."""
    random = np.random.default_rng(seed)
    count = len(speech)
    hertz, power = signal.welch(speech, CLIP_RATE, nperseg=1024)
    density_db = _TRAFFIC_DB - a_weighting_db(_TRAFFIC_HZ) - 10 * np.log10(_TRAFFIC_HZ)
    made = {
        "speech-shaped": _shaped(random, count, hertz[1:], 10 * np.log10(power[1:] + 1e-15)),
        "traffic": _shaped(random, count, _TRAFFIC_HZ, density_db) * _passing_by(random, count),
        "rain": _shaped(random, count, _RAIN_HZ, _RAIN_DB),
    }
    return {name: noise / a_level(noise) for name, noise in made.items()}


def a_level(samples: Array) -> float:
    """A-weighted effective value (IEC 61672-1)."""
    spectrum = np.fft.rfft(samples)
    weight = 10 ** (a_weighting_db(np.fft.rfftfreq(len(samples), 1 / CLIP_RATE)) / 20)
    return float(np.sqrt(2 * np.sum(np.abs(spectrum * weight) ** 2)) / len(samples))


def a_weighting_db(hertz: Array) -> Array:
    square = np.maximum(hertz, 1.0) ** 2
    high, low = square + 12_194.0**2, square + 20.6**2
    middle = np.sqrt((square + 107.7**2) * (square + 737.9**2))
    return np.asarray(20 * np.log10(12_194.0**2 * square**2 / (low * middle * high)) + 2.0)


def _shaped(random: np.random.Generator, count: int, hertz: Array, density_db: Array) -> Array:
    spectrum = np.fft.rfft(random.standard_normal(count))
    at = np.log10(np.fft.rfftfreq(count, 1 / CLIP_RATE) + 1e-3)
    return np.asarray(np.fft.irfft(spectrum * 10 ** (np.interp(at, np.log10(hertz), density_db) / 20), count))


def _passing_by(random: np.random.Generator, count: int) -> Array:
    """Vehicles come and go: a slow swing of up to 6 dB either way."""
    slow = signal.sosfilt(signal.butter(2, 0.4, fs=CLIP_RATE, output="sos"), random.standard_normal(count))
    return np.asarray(10 ** (np.clip(slow / np.std(slow), -2, 2) * 3 / 20))
