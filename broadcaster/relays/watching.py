"""When a stream is left for the next one: nothing came for a while, or nothing to hear. Pure: levels and times."""

import math
from dataclasses import dataclass, replace

import numpy as np

from broadcaster.refusals.reasons import Reason
from broadcaster.relays.settings import RelaySettings

STALLED = Reason("relay.stalled")
SILENT = Reason("relay.silent")
START_SECONDS = 12.0
"""A stream may take so long until its first sound: names, certificates, a playlist, the first segment."""


@dataclass(frozen=True, slots=True)
class Watched:
    """since: when it was opened; sound_at: when a block came last; silent_seconds: of sound that cannot be heard."""

    since: float
    sound_at: float | None = None
    silent_seconds: float = 0.0


def after_block(watched: Watched, at: float, *, seconds: float, silent: bool) -> Watched:
    """A block of sound came, so many seconds of it."""
    return replace(watched, sound_at=at, silent_seconds=watched.silent_seconds + seconds if silent else 0.0)


def trouble(watched: Watched, at: float, settings: RelaySettings) -> Reason | None:
    """Why it has to be left now; None while it may go on."""
    if watched.sound_at is None:
        return STALLED if at - watched.since >= max(START_SECONDS, settings.stall_seconds) else None
    if at - watched.sound_at >= settings.stall_seconds:
        return STALLED
    return SILENT if watched.silent_seconds >= settings.silent_seconds else None


def is_silent(level_dbfs: float, settings: RelaySettings) -> bool:
    return level_dbfs < settings.silent_dbfs


def level_dbfs(pcm: bytes) -> float:
    """Of 16 bits, by the mean square; −120 for silence and for nothing."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    power = float(np.mean(samples**2)) if len(samples) else 0.0
    return max(-120.0, 10 * math.log10(power / 32768.0**2)) if power > 0 else -120.0
