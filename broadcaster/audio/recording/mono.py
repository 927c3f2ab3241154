"""Frames of any rate, format and number of channels, made into mono PCM16 at the clip's rate."""

from collections.abc import Callable
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from broadcaster.audio.sound import CLIP_RATE

Pcm = NDArray[np.int16]
Block = NDArray[np.float32]
"""Channels by frames."""

SAMPLE_RATES = range(1_000, 768_001)
MOST_CHANNELS = 256
_BLOCK_FRAMES = 32_768
_LOST = 0.1
"""Energy of the mix, in parts of the loudest channel's, below which the channels cancel or dilute each other."""


class Mixer:
    """Takes frames one by one and gives ``sink`` mono PCM16; ``finish`` gives the rest.

    All channels are mixed evenly, or ``channel`` alone is taken. ``lost_in_mix`` then tells whether the mix loses what
    one channel has: two microphones wired against each other, or one voice on one of many tracks of a desk.
    """

    def __init__(self, sink: Callable[[Pcm], None], *, channel: int | None = None) -> None:
        self._sink = sink
        self._channel = channel
        self._resampler: av.AudioResampler | None = None
        self._rate = 0
        self._waiting: list[NDArray[Any]] = []
        self._waiting_frames = 0
        self._mix_energy = 0.0
        self._energies = np.zeros(0)

    def take(self, frame: av.AudioFrame) -> None:
        """Raises ``ValueError`` for a shape that is not sound."""
        rate, raw = frame.sample_rate, _by_channel(frame)
        if rate not in SAMPLE_RATES or not 0 < len(raw) <= MOST_CHANNELS:
            raise ValueError(f"{len(raw)} channels, {rate} Hz")
        if rate != self._rate:
            self.finish()
            self._resampler = av.AudioResampler(format="s16", layout="mono", rate=CLIP_RATE)
            self._rate = rate
        elif self._waiting and (len(raw), raw.dtype) != (len(self._waiting[0]), self._waiting[0].dtype):
            self._flush()
        self._waiting.append(raw)
        self._waiting_frames += raw.shape[1]
        if self._waiting_frames >= _BLOCK_FRAMES:
            self._flush()

    def finish(self) -> None:
        """What is still on its way through the resampler."""
        self._flush()
        if self._resampler is not None:
            self._emit(None)
            self._resampler = None
            self._rate = 0

    @property
    def lost_in_mix(self) -> int | None:
        """The loudest channel when the mix of all has lost it; else None."""
        if len(self._energies) < 2 or self._mix_energy >= _LOST * float(self._energies.max()):
            return None
        return int(self._energies.argmax())

    def _flush(self) -> None:
        if not self._waiting:
            return
        block = _floats(np.concatenate(self._waiting, axis=1))
        self._waiting.clear()
        self._waiting_frames = 0
        mono = self._mixed(block)
        frame = av.AudioFrame.from_ndarray(np.clip(mono, -1.0, 1.0)[None, :], format="flt", layout="mono")
        frame.sample_rate = self._rate
        self._emit(frame)

    def _mixed(self, block: Block) -> NDArray[np.float32]:
        if self._channel is not None:
            return _channel(block, self._channel)
        mono = _channel(block, None)
        if len(block) > 1:
            self._weigh(block, mono)
        return mono

    def _weigh(self, block: Block, mono: NDArray[np.float32]) -> None:
        energies = np.einsum("cn,cn->c", block, block, dtype=np.float64)
        known = self._energies
        if len(known) < len(energies):
            known = np.concatenate([known, np.zeros(len(energies) - len(known))])
        known[: len(energies)] += energies
        self._energies = known
        self._mix_energy += float(np.dot(mono, mono))

    def _emit(self, frame: av.AudioFrame | None) -> None:
        if self._resampler is not None:
            for each in self._resampler.resample(frame):
                self._sink(np.asarray(each.to_ndarray()[0], dtype=np.int16))


def _channel(block: Block, channel: int | None) -> NDArray[np.float32]:
    """One channel; the even mix of all where it is None, or where there is no such channel."""
    which = slice(None) if channel is None or channel >= len(block) else slice(channel, channel + 1)
    mono: NDArray[np.float32] = block[which].mean(axis=0)
    return mono


def _by_channel(frame: av.AudioFrame) -> NDArray[Any]:
    """Samples as they are, channels by frames; as doubles where PyAV has no numpy type for them."""
    if frame.format.name.startswith("s64"):
        (frame,) = av.AudioResampler(format="dblp").resample(frame)
    raw = frame.to_ndarray()
    return raw if frame.format.is_planar else raw.reshape(-1, frame.layout.nb_channels).T


def _floats(raw: NDArray[Any]) -> Block:
    """Samples with full scale at ±1; what is no number is silence."""
    if raw.dtype == np.uint8:
        return (raw.astype(np.float32) - 128.0) / 128.0
    if np.issubdtype(raw.dtype, np.integer):
        return raw.astype(np.float32) / np.float32(-float(np.iinfo(raw.dtype).min))
    return np.nan_to_num(raw.astype(np.float32), copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
