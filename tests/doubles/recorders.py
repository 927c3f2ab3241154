"""Recordings as phones, recorders and computers make them, made here by PyAV."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Waves = NDArray[np.float32]
"""Channels by frames."""

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


@dataclass(frozen=True, slots=True)
class Recorder:
    """A machine that records.

    container, codec: as FFmpeg names them.
    rate: samples per second.
    channels: of every track.
    bit_rate: bits per second, where the codec wants to be told.
    options: of the container.
    """

    container: str
    codec: str
    rate: int = 44_100
    channels: int = 1
    bit_rate: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def note(self, seconds: float = 2.0, *, pitch_hz: float = 440.0) -> bytes:
        """A file with a steady note."""
        return self.record(note(seconds, rate=self.rate, channels=self.channels, pitch_hz=pitch_hz))

    def record(self, *tracks: Waves) -> bytes:
        """A file with these tracks of sound."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "recording"
            with av.open(path, "w", format=self.container, options={"strict": "-2", **self.options}) as output:
                streams = [self._stream(output) for _ in tracks]
                for stream, track in zip(streams, tracks, strict=True):
                    for frame in _frames(track, stream):
                        output.mux(stream.encode(frame))
                for stream in streams:
                    output.mux(stream.encode(None))
            return path.read_bytes()

    def _stream(self, output: av.container.OutputContainer) -> av.AudioStream:
        stream = output.add_stream(self.codec, rate=self.rate)
        stream.layout = _LAYOUTS[self.channels]
        if self.bit_rate:
            stream.bit_rate = self.bit_rate
        return stream


def note(seconds: float = 2.0, *, rate: int = 44_100, channels: int = 1, pitch_hz: float = 440.0) -> Waves:
    """A steady note on every channel."""
    at = np.arange(round(seconds * rate)) / rate
    return np.tile((0.3 * np.sin(2 * np.pi * pitch_hz * at)).astype(np.float32), (channels, 1))


def _frames(track: Waves, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    context = stream.codec_context
    whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(track), format="fltp", layout=context.layout)
    whole.sample_rate = context.sample_rate
    resampler = av.AudioResampler(
        format=context.format, layout=context.layout, rate=context.sample_rate, frame_size=context.frame_size or 1024
    )
    yield from resampler.resample(whole)
    yield from resampler.resample(None)
