"""When a stream is left for the next one: nothing came for a while, or nothing to hear. Pure: levels and times."""

import math
from dataclasses import dataclass, replace

import numpy as np

from broadcaster.refusals.reasons import Reason
from broadcaster.relays.settings import RelaySettings

STALLED = Reason("relay.stalled")
SILENT = Reason("relay.silent")
CLIPPED = Reason("relay.clipped")
CLIPPED_SECONDS = 10.0
"""So much sound cut off at full scale is said; nothing is done about it here, it came so."""
_FULL_SCALE, _CLIPPED_SHARE = 32_700, 0.005
START_SECONDS = 12.0
"""A stream may take so long until its first sound: names, certificates, a playlist, the first segment."""
MOST_COVERED_SECONDS = 20.0
"""Sound that comes in one burst covers the time until it would be over, but no longer than this: segments of HLS are
seconds long and come as a whole."""


@dataclass(frozen=True, slots=True)
class Watched:
    """since: when it was opened; covered_until: what has come lasts until then, None before the first block;
    silent_seconds: of sound that cannot be heard."""

    since: float
    covered_until: float | None = None
    silent_seconds: float = 0.0


def after_block(watched: Watched, at: float, *, seconds: float, silent: bool) -> Watched:
    """A block of sound came, so many seconds of it."""
    before = watched.covered_until
    covered = at if before is None else max(at, min(before + seconds, at + MOST_COVERED_SECONDS))
    return replace(watched, covered_until=covered, silent_seconds=watched.silent_seconds + seconds if silent else 0.0)


def trouble(watched: Watched, at: float, settings: RelaySettings) -> Reason | None:
    """Why it has to be left now; None while it may go on."""
    if watched.covered_until is None:
        return STALLED if at - watched.since >= max(START_SECONDS, settings.stall_seconds) else None
    if at - watched.covered_until >= settings.stall_seconds:
        return STALLED
    return SILENT if watched.silent_seconds >= settings.silent_seconds else None


def is_silent(level_dbfs: float, settings: RelaySettings) -> bool:
    return level_dbfs < settings.silent_dbfs


def is_clipped(pcm: bytes) -> bool:
    """Whether more than a two-hundredth of the samples stand at full scale."""
    samples = np.abs(np.frombuffer(pcm, np.int16).astype(np.int32))
    return len(samples) > 0 and float(np.mean(samples >= _FULL_SCALE)) > _CLIPPED_SHARE


def level_dbfs(pcm: bytes) -> float:
    """Of 16 bits, by the mean square; −120 for silence and for nothing."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float64)
    power = float(np.mean(samples**2)) if len(samples) else 0.0
    return max(-120.0, 10 * math.log10(power / 32768.0**2)) if power > 0 else -120.0
