"""A stranger's recording made into mono PCM; runs in a process of its own (``broadcaster.strangers``)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import av

from broadcaster.audio.recording import hearing, hidden_frames, kinds
from broadcaster.audio.recording.found import Found
from broadcaster.audio.recording.joined_files import stretches
from broadcaster.audio.recording.lengths import patches
from broadcaster.audio.recording.taking import INAUDIBLE, Source, Taken, peak, taken
from broadcaster.audio.recording.window import Content, Stretch
from broadcaster.audio.sound import CLIP_RATE
from broadcaster.strangers.bounds import Refused

_TOO_BROKEN = 0.25
"""Part of the packets that could not be decoded, from which on what remains is noise."""


def unpack(data: bytes, options: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """``Found`` as a mapping, and PCM16 at the clip's rate.

    ``options``: ``longest_minutes``. Raises ``Refused`` with a code of ``refusals.py``.
    """
    if kind := kinds.no_recording(data):
        raise Refused("kind", kind=kind)
    if kinds.is_protected(data):
        raise Refused("protected")
    recordings, fault = _all(data, room=options["longest_minutes"] * 60 * CLIP_RATE)
    if not recordings:
        raise Refused("no_index") if fault.code == "unknown" and kinds.has_an_index(data) else fault
    found, pcm = _found_in(recordings), b"".join(each.pcm for each in recordings)
    if found.broken_packets > _TOO_BROKEN * found.packets:
        raise Refused("broken", container=found.container)
    if all(peak(each.pcm) < INAUDIBLE for each in recordings):
        raise Refused("silent")
    return asdict(found), pcm


def _all(data: Content, *, room: int) -> tuple[list[Taken], Refused]:
    """Every recording in the file, and what is wrong with those that are missing."""
    found: list[Taken] = []
    fault = Refused("unknown")
    for start, end in stretches(data):
        source = Source(data, Stretch(start, end, patches(data, start, end)))
        fault = _add(source, found, room=room) or fault
    if not found and (row := hidden_frames.row_of_frames(data)):
        _add(Source(data, Stretch(row.start, len(data)), row.container), found, room=room)
    return found, fault


def _add(source: Source, found: list[Taken], *, room: int) -> Refused | None:
    """Read one recording; the fault that keeps it from being read."""
    try:
        one = taken(source, room=room - sum(len(each.pcm) // 2 for each in found))
    except Refused as refused:
        if refused.code == "too_long":
            raise
        return refused
    except (av.error.FFmpegError, ValueError, ArithmeticError):
        return None
    if one.pcm:
        found.append(one)
    return None


def _found_in(recordings: list[Taken]) -> Found:
    first, sounds = recordings[0], [each.pcm for each in recordings]
    return Found(
        container=first.container,
        codec=first.codec,
        stated_ms=first.stated_ms,
        decoded_ms=round(sum(len(each.pcm) // 2 for each in recordings) * 1000 / CLIP_RATE),
        recordings=len(recordings),
        tracks=first.track_count,
        packets=sum(each.damage.packets for each in recordings),
        broken_packets=sum(each.damage.broken for each in recordings),
        overdriven=round(hearing.overdriven(sounds), 4),
        longest_gap_ms=hearing.longest_gap_ms(sounds),
    )
