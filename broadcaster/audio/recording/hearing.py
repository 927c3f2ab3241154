"""What an ear would complain of in a recording that was read without a fault: overdriven sound, a long gap."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from broadcaster.audio.sound import CLIP_RATE

_BLOCK = CLIP_RATE // 10
"""Samples in which a gap is counted: a tenth of a second."""
_BLOCKS_AT_ONCE = 600
_LOUD = 0.35
"""Part of full scale below which nothing is taken for overdriven: quiet sound has room."""
_NEAR_THE_TOP = 0.9
"""Part of the largest sample; speech that was not cut off is there in one sample of several hundred."""
_QUIET = 0.01
"""Part of the largest sample, the root mean square of a block, below which nobody is heard: -40 dB."""

Samples = NDArray[np.int16]


def overdriven(recordings: list[bytearray]) -> float:
    """Part of the audible samples (PCM16) that stand at the top, where a microphone that is too loud cuts them off."""
    top = max((int(np.abs(block.astype(np.int32)).max()) for block in _pieces(recordings)), default=0)
    if top < _LOUD * 32_768:
        return 0.0
    audible = cut = 0
    for block in _pieces(recordings):
        sizes = np.abs(block.astype(np.int32))
        audible += int((sizes > _QUIET * top).sum())
        cut += int((sizes >= _NEAR_THE_TOP * top).sum())
    return cut / max(1, audible)


def longest_gap_ms(recordings: list[bytearray]) -> int:
    """The longest stretch between two sounds in which nobody is heard; silence at the ends does not count."""
    levels = np.concatenate([_levels(block) for block in _pieces(recordings)] or [np.zeros(0)])
    sounding = np.flatnonzero(levels > _QUIET * levels.max(initial=0.0))
    return int(np.diff(sounding).max(initial=1) - 1) * 100


def _levels(block: Samples) -> NDArray[np.float64]:
    whole = block[: len(block) // _BLOCK * _BLOCK].astype(np.float64).reshape(-1, _BLOCK)
    return np.asarray(np.sqrt((whole * whole).mean(axis=1)))


def _pieces(recordings: list[bytearray]) -> Iterator[Samples]:
    """A minute at a time: an hour of sound as numbers of eight bytes would not fit into the process."""
    size = _BLOCK * _BLOCKS_AT_ONCE
    for pcm in recordings:
        samples = np.frombuffer(pcm, np.int16)
        for at in range(0, len(samples), size):
            yield samples[at : at + size]
