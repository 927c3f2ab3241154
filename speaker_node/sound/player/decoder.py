"""Clips to samples, a block at a time: mono, 16 bit, the parts of a play one after the other without a gap."""

import ctypes
from array import array
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from broadcaster.protocol.reasons import ReasonCode
from speaker_node.errors import SoundFault
from speaker_node.sound.player import sndfile

BYTES_PER_FRAME = 2


class Decoder:
    """One open clip.

    rate: frames a second.
    frames: length of the whole, by the clip's own header.
    """

    def __init__(self, path: Path) -> None:
        """Raises SoundFault when the file is no sound."""
        self._library = sndfile.library()
        info = sndfile.Info()
        self._handle = self._library.sf_open(str(path).encode(), sndfile.READ, ctypes.byref(info))
        if not self._handle:
            raise SoundFault(ReasonCode.CLIP_NOT_SOUND)
        self._library.sf_command(self._handle, sndfile.SET_CLIPPING, None, 1)
        self.rate: int = info.samplerate
        self.frames: int = info.frames
        self._channels: int = info.channels

    def read(self, frames: int) -> bytes:
        """Up to this many frames; empty at the end. Raises SoundFault when the stream is broken."""
        block = (ctypes.c_short * (frames * self._channels))()
        got = self._library.sf_readf_short(self._handle, block, frames)
        if got <= 0 and self._library.sf_error(self._handle):
            raise SoundFault(ReasonCode.CLIP_DAMAGED)
        raw = bytes(memoryview(block).cast("B")[: got * self._channels * BYTES_PER_FRAME])
        return raw if self._channels == 1 else _mixed(raw, self._channels)

    def skip(self, frames: int) -> None:
        """Leave out the first so many frames. Raises SoundFault when the stream is broken."""
        if self._library.sf_seek(self._handle, min(frames, self.frames), sndfile.FROM_START) < 0:
            raise SoundFault(ReasonCode.CLIP_DAMAGED)

    def close(self) -> None:
        if self._handle:
            self._library.sf_close(self._handle)
            self._handle = None


class PartStream:
    """The parts of one play as one stream at the rate of the first part.

    rate: frames a second of what ``read`` returns.
    frames: length of the whole.
    """

    def __init__(self, parts: Sequence[Path], *, rate: int = 0, skip_seconds: float = 0.0) -> None:
        """Opens every part at once, so that a broken one is known before the first has sounded.

        ``rate`` takes the place of the first part's; ``skip_seconds`` are left out at the beginning.
        """
        self._open: list[Decoder] = []
        try:
            self._open.extend(Decoder(part) for part in parts)
            self._left = _left_after(self._open, skip_seconds)
        except SoundFault:
            self.close()
            raise
        self.rate: int = rate or self._open[0].rate
        whole = sum(-(-part.frames * self.rate // part.rate) for part in self._open)
        self.frames = max(0, whole - round(skip_seconds * self.rate))

    def read(self, frames: int) -> bytes:
        """About this many frames; empty only at the end."""
        while self._left:
            part = self._left[0]
            block = part.read(max(1, frames * part.rate // self.rate))
            if block:
                return block if part.rate == self.rate else _resampled(block, part.rate, self.rate)
            self._left.pop(0)
        return b""

    def close(self) -> None:
        for part in self._open:
            part.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _left_after(parts: Sequence[Decoder], seconds: float) -> list[Decoder]:
    """The parts that sound behind so much of them, the first of them from there on."""
    left = list(parts)
    while left and seconds > 0:
        length = left[0].frames / left[0].rate
        if seconds < length:
            left[0].skip(round(seconds * left[0].rate))
            break
        left.pop(0)
        seconds -= length
    return left


def scaled(block: bytes, percent: int) -> bytes:
    """The block at this share of its amplitude."""
    if percent >= 100:
        return block
    return array("h", [sample * percent // 100 for sample in array("h", block)]).tobytes()


def _mixed(raw: bytes, channels: int) -> bytes:
    samples = array("h", raw)
    return array("h", [sum(samples[i : i + channels]) // channels for i in range(0, len(samples), channels)]).tobytes()


def _resampled(block: bytes, from_rate: int, to_rate: int) -> bytes:
    """Linear interpolation within the block: our own clips share one rate, so this is for foreign ones."""
    samples = array("h", block)
    count = max(1, len(samples) * to_rate // from_rate)
    last = len(samples) - 1
    out = array("h", bytes(2 * count))
    for index in range(count):
        place, fraction = divmod(index * from_rate, to_rate)
        left, right = samples[min(place, last)], samples[min(place + 1, last)]
        out[index] = left + (right - left) * fraction // to_rate
    return out.tobytes()
