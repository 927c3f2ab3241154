"""A long recording in pieces the listener can take, cut where it is quietest."""

import numpy as np

from broadcaster.speech.listener.whisper import RATE, WINDOW_SECONDS, Samples

LONGEST = (WINDOW_SECONDS - 1) * RATE
SHORTEST = 15 * RATE
"""Samples; a cut is looked for between the two."""
_FRAME = RATE // 20
_SMOOTH = 5
"""Frames of a twentieth of a second: a pause between two words is shorter than one between two sentences."""


def pieces(sound: Samples) -> list[Samples]:
    """The whole of ``sound`` (16 kHz), in order; each piece at most 29 s."""
    found: list[Samples] = []
    rest = sound
    while len(rest) > LONGEST:
        cut = SHORTEST + _quietest(rest[SHORTEST:LONGEST])
        found.append(rest[:cut])
        rest = rest[cut:]
    return [*found, rest] if len(rest) else found


def _quietest(stretch: Samples) -> int:
    """The middle of the quietest quarter of a second."""
    frames = stretch[: len(stretch) // _FRAME * _FRAME].reshape(-1, _FRAME)
    levels = np.convolve(np.mean(frames**2, axis=1), np.ones(_SMOOTH), mode="valid")
    return int(np.argmin(levels)) * _FRAME + _SMOOTH * _FRAME // 2
