"""How loud a recording is to the ear (ITU-R BS.1770), and setting it; the only file that knows pyloudnorm."""

import numpy as np
import pyloudnorm

from broadcaster.audio.sound import CLIP_RATE, Sound, samples_of

SILENCE_LUFS = -70.0
"""BS.1770's absolute gate: at or below it there is nothing to hear."""
_BLOCK_MS = 400

_METER = pyloudnorm.Meter(CLIP_RATE)


def loudness_lufs(sound: Sound) -> float:
    """Integrated loudness in LUFS; pauses do not count (gated); silence gives ``SILENCE_LUFS``."""
    missing = samples_of(_BLOCK_MS) + 1 - len(sound.samples)
    samples = np.pad(sound.samples, (0, max(0, missing)))
    return max(SILENCE_LUFS, float(_METER.integrated_loudness(samples)))


def amplified(sound: Sound, *, gain_db: float) -> Sound:
    return Sound((sound.samples * 10 ** (gain_db / 20)).astype(np.float32))


def set_to(sound: Sound, *, lufs: float) -> Sound:
    """``sound`` at ``lufs``; silence stays silence. Peaks may pass full scale: limit afterwards."""
    measured = loudness_lufs(sound)
    if measured <= SILENCE_LUFS:
        return sound
    return amplified(sound, gain_db=lufs - measured)
