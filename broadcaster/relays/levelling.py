"""A relayed stream brought to the station's loudness while it runs: slowly, and never above the ceiling."""

from collections import deque

import numpy as np

from broadcaster.audio.dynamics import limited
from broadcaster.audio.horn import CEILING
from broadcaster.audio.loudness import loudness_lufs
from broadcaster.audio.sound import CLIP_RATE, Samples, Sound

BLOCK_MS = 400
_BLOCK = CLIP_RATE * BLOCK_MS // 1000
_REMEMBERED = 150
"""Blocks the loudness is measured over: a minute, so that a pause or a song does not pump."""
_HEARD_LUFS = -55.0
"""Below this a block is a pause."""
_MOST_GAIN_DB, _LEAST_GAIN_DB = 24.0, -24.0
_MOST_LOSS_DB = 4.0
"""So much of what holding the peaks costs is made good."""
_STEP_DB = 0.4
"""How far the gain may move in a block, once the first seconds are past."""
_SETTLED = 8


class Leveller:
    """Takes PCM of any length and gives levelled samples, whole blocks of 400 ms at a time."""

    def __init__(self, *, lufs: float) -> None:
        self._lufs = lufs
        self._measured: deque[float] = deque(maxlen=_REMEMBERED)
        self._losses: deque[float] = deque(maxlen=_REMEMBERED)
        self._gain_db: float | None = None
        self._waiting = np.zeros(0, np.float32)

    def add(self, pcm: bytes) -> list[Samples]:
        """What is ready after this much more came."""
        new = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768.0
        self._waiting = np.concatenate([self._waiting, new]) if len(self._waiting) else new
        ready = []
        while len(self._waiting) >= _BLOCK:
            ready.append(self._levelled(self._waiting[:_BLOCK]))
            self._waiting = self._waiting[_BLOCK:]
        return ready

    def rest(self) -> Samples:
        """The last part of a block."""
        left, self._waiting = self._waiting, np.zeros(0, np.float32)
        return self._levelled(left) if len(left) else left

    def _levelled(self, block: Samples) -> Samples:
        found = loudness_lufs(Sound(block))
        if found > _HEARD_LUFS:
            self._measured.append(found)
        before = 0.0 if self._gain_db is None else self._gain_db
        after = self._next_gain_db(before)
        first = self._gain_db is None
        self._gain_db = after if self._measured else None
        ramp = np.linspace(after if first else before, after, len(block), dtype=np.float32)
        made = limited((block * 10 ** (ramp / 20)).astype(np.float32), ceiling=CEILING)
        if found > _HEARD_LUFS:
            self._losses.append(max(0.0, found + float(ramp.mean()) - loudness_lufs(Sound(made))))
        return made

    def _next_gain_db(self, before: float) -> float:
        if not self._measured:
            return before
        mean = 10 * np.log10(np.mean(10 ** (np.asarray(self._measured) / 10)))
        loss = min(_MOST_LOSS_DB, sum(self._losses) / len(self._losses)) if self._losses else 0.0
        wanted = float(np.clip(self._lufs - mean + loss, _LEAST_GAIN_DB, _MOST_GAIN_DB))
        if len(self._measured) <= _SETTLED:
            return wanted
        return before + float(np.clip(wanted - before, -_STEP_DB, _STEP_DB))
