"""Recordings brought from outside, made into this room's sound; libsndfile reads them, PyAV reads M4A.

Nothing here believes a header: a file is read block by block and given up as soon as it is too long, so a small file
that unpacks to days of silence costs no more than the longest clip allowed.
"""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from broadcaster.audio.settings import AudioSettings
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.errors import Invalid

_BLOCK_FRAMES = 65_536
_MOST_CHANNELS = 8
_SAMPLE_RATES = range(8_000, 192_001)
_FORMATS = frozenset({"WAV", "WAVEX", "RF64", "MP3", "OGG", "FLAC"})
_INAUDIBLE = 0.001
_KINDS = "WAV, MP3, Ogg, Opus hoặc M4A"

Pcm = NDArray[np.int16]
Block = NDArray[np.float32]
"""Frames by channels."""


def decoded(path: Path, *, settings: AudioSettings) -> Sound:
    """The recording at ``path``, mono; raises ``Invalid`` with a sentence when it cannot be broadcast."""
    _check_size(path, settings)
    blocks = _from_m4a(path) if _looks_like_m4a(path) else _from_libsndfile(path)
    try:
        pcm = _collected(blocks, longest_minutes=settings.longest_clip_minutes)
    except (soundfile.LibsndfileError, av.error.FFmpegError) as error:
        raise _refused("bị hỏng hoặc không phải tệp âm thanh") from error
    sound = Sound.from_pcm16(pcm, sample_rate=CLIP_RATE)
    if sound.peak < _INAUDIBLE:
        raise _refused("không có tiếng")
    return sound


def _check_size(path: Path, settings: AudioSettings) -> None:
    size = path.stat().st_size
    if size == 0:
        raise _refused("trống")
    if size > settings.largest_upload_megabytes * 1_000_000:
        raise _refused(f"lớn hơn {settings.largest_upload_megabytes} MB")


def _collected(blocks: Iterator[tuple[Block, int]], *, longest_minutes: int) -> Pcm:
    """Every block as mono PCM16 at the clip's rate; the source rate is that of the first block."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=CLIP_RATE)
    pieces: list[Pcm] = []
    left = longest_minutes * 60 * CLIP_RATE
    for block, sample_rate in blocks:
        new = _resampled(resampler, _frame(block, sample_rate))
        pieces += new
        left -= sum(len(piece) for piece in new)
        if left < 0:
            raise _refused(f"dài hơn {longest_minutes} phút")
    if pieces:
        pieces += _resampled(resampler, None)
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int16)


def _resampled(resampler: av.AudioResampler, frame: av.AudioFrame | None) -> list[Pcm]:
    return [np.asarray(each.to_ndarray()[0], dtype=np.int16) for each in resampler.resample(frame)]


def _frame(block: Block, sample_rate: int) -> av.AudioFrame:
    mono = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0).mean(axis=1, dtype=np.float32)
    frame = av.AudioFrame.from_ndarray(np.clip(mono, -1.0, 1.0)[None, :], format="flt", layout="mono")
    frame.sample_rate = sample_rate
    return frame


def _from_libsndfile(path: Path) -> Iterator[tuple[Block, int]]:
    with soundfile.SoundFile(path) as file:
        if file.format not in _FORMATS:
            raise _refused(f"thuộc loại {file.format} không dùng được")
        _check_shape(channels=file.channels, sample_rate=file.samplerate)
        for block in file.blocks(_BLOCK_FRAMES, dtype="float32", always_2d=True):
            yield np.asarray(block, dtype=np.float32), file.samplerate


def _looks_like_m4a(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(8)[4:] == b"ftyp"


def _from_m4a(path: Path) -> Iterator[tuple[Block, int]]:
    with av.open(path, format="mp4") as container:
        if not container.streams.audio:
            raise _refused("không có tiếng")
        stream = container.streams.audio[0]
        _check_shape(channels=stream.channels, sample_rate=stream.rate)
        to_float = av.AudioResampler(format="fltp")
        for frame in container.decode(stream):
            for each in to_float.resample(frame):
                yield np.asarray(each.to_ndarray(), dtype=np.float32).T, each.sample_rate


def _check_shape(*, channels: int, sample_rate: int) -> None:
    if channels > _MOST_CHANNELS or sample_rate not in _SAMPLE_RATES:
        raise _refused(f"có {channels} kênh, {sample_rate} Hz, không phải bản ghi âm thông thường")


def _refused(fact: str) -> Invalid:
    return Invalid(f"Tệp ghi âm {fact} nên không dùng được; hãy chọn tệp {_KINDS} khác.", field="recording")
