"""Takes an engine's own silence off the ends of a sentence, so that pauses are what the script says they are."""

import numpy as np

from broadcaster.audio.sound import Sound, samples_of

_FADED = 10 ** (-55 / 20)
"""Relative to the sentence's peak: far below the faintest consonant."""
_MARGIN_MS = 40
"""Left standing on either side, so that no first or last sound is ever touched."""


def trimmed(sound: Sound) -> Sound:
    """``sound`` without silent ends; a wholly silent sound comes back unchanged."""
    heard = np.flatnonzero(np.abs(sound.samples) > _FADED * sound.peak)
    if not len(heard):
        return sound
    margin = samples_of(_MARGIN_MS)
    start = max(0, int(heard[0]) - margin)
    return Sound(sound.samples[start : int(heard[-1]) + 1 + margin])
