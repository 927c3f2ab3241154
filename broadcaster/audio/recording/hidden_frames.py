"""MP3 and ADTS frames found behind a beginning that hides them: a tag with a wrong length, the end of another file."""

import re
from dataclasses import dataclass
from typing import Literal

from broadcaster.audio.recording.window import Content

_SYNC = re.compile(rb"\xff[\xe2-\xff]")
_FRAMES_IN_A_ROW = 5
_KBITS = {
    (1, 3): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Bit rates by version (1, or 2 and 2.5) and the header's layer bits (ISO/IEC 11172-3 and 13818-3)."""
_RATES = (44_100, 48_000, 32_000)


@dataclass(frozen=True, slots=True)
class FrameRun:
    """Where a row of frames begins, and FFmpeg's name of their container."""

    start: int
    container: Literal["mp3", "aac"]


def row_of_frames(content: Content) -> FrameRun | None:
    """The first place from which several frames follow each other without a gap."""
    for found in _SYNC.finditer(content):
        for container, length in (("mp3", _mpeg_bytes), ("aac", _adts_bytes)):
            at = found.start()
            for _ in range(_FRAMES_IN_A_ROW):
                size = length(content[at : at + 7])
                if not size:
                    break
                at += size
            else:
                return FrameRun(found.start(), "mp3" if container == "mp3" else "aac")
    return None


def _mpeg_bytes(header: bytes) -> int:
    """How long the MPEG audio frame with this header is; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbits_at, rate_at = header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or not layer or rate_at == 3 or kbits_at in (0, 15):
        return 0
    rate = _RATES[rate_at] // {3: 1, 2: 2, 0: 4}[version]
    bits = _KBITS[1 if version == 3 else 2, layer][kbits_at] * 1000
    padding = header[2] >> 1 & 1
    if layer == 3:
        return (12 * bits // rate + padding) * 4
    return (72 if layer == 1 and version != 3 else 144) * bits // rate + padding


def _adts_bytes(header: bytes) -> int:
    """How long the ADTS frame with this header is; 0 when it is none."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or header[2] >> 2 & 15 > 12:
        return 0
    size = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return size if size > 7 else 0
