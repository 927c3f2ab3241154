"""MP3 from a network: accepted only when every frame is whole and it decodes."""

import io

import numpy as np
import soundfile

from broadcaster.speech.engine import Speech

_BITRATES_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
_BITRATES_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
_SAMPLE_RATES = (44_100, 48_000, 32_000, 0)
_HALVINGS = {3: 1, 2: 2, 0: 4}
"""Version bits of a frame header to the divisor of the sample rate (MPEG 1, 2, 2.5)."""


class BrokenMp3(ValueError):
    """What came is not a whole MP3."""


def decoded_mp3(content: bytes) -> Speech:
    """Mono PCM16 of ``content``; raises ``BrokenMp3`` when it is empty, cut short, or something else."""
    _check_frames(content)
    try:
        samples, sample_rate = soundfile.read(io.BytesIO(content), dtype="int16", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise BrokenMp3(str(error)) from error
    if not samples.size:
        raise BrokenMp3("no samples")
    return Speech(samples=np.ascontiguousarray(samples[:, 0]), sample_rate=sample_rate)


def _check_frames(content: bytes) -> None:
    at = _after_tag(content)
    if at >= len(content):
        raise BrokenMp3("no frames")
    while at < len(content):
        if content[at : at + 3] == b"TAG" and len(content) - at == 128:
            return
        at += _frame_bytes(content[at : at + 4])
    if at != len(content):
        raise BrokenMp3("last frame cut short")


def _after_tag(content: bytes) -> int:
    if content[:3] != b"ID3" or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame_bytes(header: bytes) -> int:
    """Length of the frame of layer III that ``header`` opens (ISO/IEC 11172-3, 13818-3)."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        raise BrokenMp3("no frame where one must be")
    version, padding = header[1] >> 3 & 3, header[2] >> 1 & 1
    bitrates = _BITRATES_MPEG1 if version == 3 else _BITRATES_MPEG2
    bitrate, sample_rate = bitrates[header[2] >> 4], _SAMPLE_RATES[header[2] >> 2 & 3]
    if not bitrate or not sample_rate or version not in _HALVINGS:
        raise BrokenMp3("impossible frame")
    return (144 if version == 3 else 72) * bitrate * 1000 * _HALVINGS[version] // sample_rate + padding
