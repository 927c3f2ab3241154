"""What a file says about its own length, which is told beside the real one and never believed."""

import av

from broadcaster.audio.recording import tracks
from broadcaster.audio.recording.window import Content, Stretch

_WITHOUT_HEADER = frozenset(("aac", "loas", "amr", "amrnb", "amrwb", "ac3", "eac3", "dts", "mpeg", "mpegts"))
"""Containers that state no length; FFmpeg guesses one from their bit rate."""
_TAGS = {b"Xing": (36, 21, 13), b"Info": (36, 21, 13), b"VBRI": (36,)}
"""Marks of an MP3's frame of lengths, and how far behind the frame's header each may stand."""
_HAS_FRAMES = 1
_RATES = (44_100, 48_000, 32_000)
_BEGINNING_BYTES = 1 << 20


def stated_ms(content: Content, stretch: Stretch) -> int | None:
    """In ms; None when no length is stated."""
    try:
        with tracks.opened(content, Stretch(stretch.start, stretch.end)) as file:
            duration_us, name = file.duration, file.format.name
    except (av.error.FFmpegError, ValueError):
        return None
    if name == "mp3":
        return _mp3_ms(bytes(content[stretch.start : min(stretch.end, stretch.start + _BEGINNING_BYTES)]))
    return None if duration_us is None or name in _WITHOUT_HEADER else round(duration_us / 1000)


def _mp3_ms(beginning: bytes) -> int | None:
    """By the number of frames that the first frame of an MP3 states."""
    for tag, distances in _TAGS.items():
        at = beginning.find(tag)
        for distance in distances if at >= 0 else ():
            frames, header = _frames(beginning, at, tag), beginning[max(0, at - distance) :][:4]
            if frames and header[0] == 0xFF and header[1] & 0xE6 == 0xE2 and header[2] >> 2 & 3 < 3:
                version = header[1] >> 3 & 3
                rate = _RATES[header[2] >> 2 & 3] // {3: 1, 2: 2}.get(version, 4)
                return frames * (1152 if version == 3 else 576) * 1000 // rate
    return None


def _frames(beginning: bytes, at: int, tag: bytes) -> int:
    if tag == b"VBRI":
        return int.from_bytes(beginning[at + 14 : at + 18], "big")
    has_frames = int.from_bytes(beginning[at + 4 : at + 8], "big") & _HAS_FRAMES
    return int.from_bytes(beginning[at + 8 : at + 12], "big") if has_frames else 0
