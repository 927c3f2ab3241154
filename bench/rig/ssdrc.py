"""The anchor of the intelligibility bench: spectral shaping and dynamic range compression.

Written from the description in T.-C. Zorilă, V. Kandia, Y. Stylianou, "Speech-in-noise intelligibility improvement
based on spectral shaping and dynamic range compression", Interspeech 2012; it is not the authors' program.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from scipy.ndimage import uniform_filter1d

from broadcaster.audio.sound import CLIP_RATE

Array = NDArray[np.float64]

_FRAME = 768
_LIFTER = 60
_CURVE_IN_DB = (-120, -30, -25, -15, -10, 60)
_CURVE_OUT_DB = (-120, -30, -10, -2.5, 0, 0)


def ssdrc(samples: Array) -> Array:
    shaped = _shaped(samples)
    return _compressed(shaped * np.sqrt(np.mean(samples**2) / np.mean(shaped**2)))


def _shaped(samples: Array) -> Array:
    """Formants sharpened and highs lifted where the frame is voiced, then a fixed tilt."""
    hertz, _, frames = signal.stft(samples, CLIP_RATE, nperseg=_FRAME, noverlap=_FRAME * 3 // 4)
    energy = np.sum(np.abs(frames) ** 2, axis=0)
    voicing = np.clip(energy / np.percentile(energy, 90), 0, 1) ** 0.3
    envelope, tilt = _envelopes(np.abs(frames) + 1e-9)
    sharpening = np.clip((envelope / tilt) ** (0.3 * voicing), 0.2, 5)
    lift = 1 + 0.3 * voicing * np.clip((hertz[:, None] - 500) / (8000 - 500), 0, 1)
    fixed_db = np.interp(hertz, [0, 125, 250, 500, 1000, 4000, 8000], [-18, -12, -6, 0, 12, 12, 8])
    output = frames * sharpening * lift * 10 ** (fixed_db[:, None] / 20)
    _, joined = signal.istft(output, CLIP_RATE, nperseg=_FRAME, noverlap=_FRAME * 3 // 4)
    return np.asarray(joined[: len(samples)])


def _envelopes(magnitude: Array) -> tuple[Array, Array]:
    """Cepstrally smoothed spectrum and its tilt (the first two cepstral coefficients)."""
    cepstrum = np.fft.irfft(np.log(magnitude), axis=0)
    smooth, slope = cepstrum.copy(), np.zeros_like(cepstrum)
    smooth[_LIFTER : _FRAME - _LIFTER + 1] = 0
    slope[[0, 1, -1]] = cepstrum[[0, 1, -1]]
    return np.exp(np.fft.rfft(smooth, axis=0).real), np.exp(np.fft.rfft(slope, axis=0).real)


def _compressed(samples: Array) -> Array:
    """Envelope, slow release and quick attack, then the static curve of the paper."""
    envelope = uniform_filter1d(np.abs(signal.hilbert(samples)), CLIP_RATE * 7 // 1000)
    followed = np.empty_like(envelope)
    state = 0.0
    for index, value in enumerate(envelope.tolist()):
        keep = 0.15 if value < state else 0.0001
        state = keep * state + (1 - keep) * value
        followed[index] = state
    level_db = 20 * np.log10(followed / (0.3 * followed.max()) + 1e-6)
    gain_db = np.interp(level_db, _CURVE_IN_DB, _CURVE_OUT_DB) - level_db
    return np.asarray(samples * uniform_filter1d(10 ** (gain_db / 20), CLIP_RATE * 2 // 1000))
