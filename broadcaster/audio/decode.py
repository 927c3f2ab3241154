"""Recordings brought from outside, made into this room's sound; strangers' data are read in a process of their own."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from broadcaster.audio.recording.found import Found
from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.strangers import Bounds, Refused, run

_FUNCTION = "broadcaster.audio.recording.unpack:unpack"
_SECONDS_A_MINUTE = 6
"""Time for a minute of sound on the slowest machine; it takes a small part of that."""
_LEAST_SECONDS = 60
_LIBRARIES_BYTES = 1_000_000_000
"""Address space that the interpreter, NumPy and FFmpeg take before any sound is read."""
_CONTAINERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "MP4/M4A/3GP",
    "matroska,webm": "WebM/MKV",
    "asf": "WMA/WMV",
    "mpegts": "MPEG-TS",
}
"""FFmpeg's names of containers as people know them; the others are known by FFmpeg's own, in capitals."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DecodedRecording:
    """sound: all that is in the file, mono; found: what was found in it."""

    sound: Sound
    found: Found


def decoded(path: Path, *, settings: AudioSettings) -> DecodedRecording:
    """The recording at ``path``; raises ``Invalid`` when it cannot be broadcast."""
    data = path.read_bytes() if _size(path, settings) else b""
    options = {"longest_minutes": settings.longest_clip_minutes}
    try:
        answer = run(_FUNCTION, data, options=options, bounds=_bounds(len(data), settings))
    except Refused as refused:
        raise Invalid.of(_explained(refused, settings), field="recording") from refused
    facts: dict[str, Any] = dict(answer.facts)
    pcm = np.frombuffer(answer.content, np.int16)
    return DecodedRecording(Sound.from_pcm16(pcm, sample_rate=CLIP_RATE), Found(**facts))


def _size(path: Path, settings: AudioSettings) -> int:
    size = path.stat().st_size
    if size == 0:
        raise Invalid("recording.empty", field="recording")
    if size > settings.largest_upload_megabytes * 1_000_000:
        raise Invalid("recording.upload_too_large", field="recording", most_megabytes=settings.largest_upload_megabytes)
    return size


def _bounds(size: int, settings: AudioSettings) -> Bounds:
    seconds = _LEAST_SECONDS + _SECONDS_A_MINUTE * settings.longest_clip_minutes
    pcm = settings.longest_clip_minutes * 60 * CLIP_RATE * 2
    return Bounds(
        seconds=float(seconds),
        processor_seconds=seconds,
        memory_bytes=_LIBRARIES_BYTES + 2 * size + 4 * pcm,
        answer_bytes=pcm + 1_000_000,
    )


def _explained(refused: Refused, settings: AudioSettings) -> Reason:
    match refused.code:
        case "kind":
            return Reason(f"recording.kind_{refused.facts['kind']}")
        case "too_long":
            return Reason("recording.too_long", most_minutes=settings.longest_clip_minutes)
        case "codec" | "no_sound" | "broken" as code:
            container = str(refused.facts["container"])
            return Reason(f"recording.{code}", container=_CONTAINERS.get(container, container.upper()))
        case "protected" | "no_index" | "silent" | "unknown" | "took_too_long" as code:
            return Reason(f"recording.{code}")
    log.warning("a recording could not be read: %s %s", refused.code, dict(refused.facts))
    return Reason("recording.reading_failed")
