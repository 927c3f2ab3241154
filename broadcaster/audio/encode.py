"""Sound to Ogg Opus, and to WAV for those who want to listen with old tools; libopus through PyAV.

Why PyAV and not libsndfile: docs/decisions/0003-opus-encoder.md.
"""

import io
from collections.abc import Callable

import numpy as np
import soundfile

from broadcaster.audio.sound import CLIP_RATE, Samples, Sound, samples_of

_SLICE_MS = 10_000
_SAFE_PEAK = 0.94


def _tell_nobody(_fraction: float) -> None:
    return None


def opus(
    sound: Sound,
    *,
    bitrate_bps: int = 20_000,
    complexity: int = 8,
    progress: Callable[[float], None] = _tell_nobody,
) -> bytes:
    """An Ogg Opus file that does not clip when decoded; the same sound always gives the same bytes.

    ``progress`` is called with the fraction done and may raise to stop the work.
    """
    content = _encoded(sound, bitrate_bps=bitrate_bps, complexity=complexity, progress=progress)
    # A low bit rate overshoots its input; what was too near full scale is encoded again, quieter by the excess.
    while (peak := decoded_peak(content)) > 1.0:
        sound = Sound((sound.samples * (_SAFE_PEAK / peak)).astype(np.float32))
        content = _encoded(sound, bitrate_bps=bitrate_bps, complexity=complexity, progress=_tell_nobody)
    return content


def decoded_peak(content: bytes) -> float:
    """Largest sample that libsndfile, a node's decoder, makes of a clip."""
    with soundfile.SoundFile(io.BytesIO(content)) as clip:
        blocks = clip.blocks(blocksize=samples_of(_SLICE_MS), dtype="float32")
        return max((float(np.max(np.abs(block))) for block in blocks if len(block)), default=0.0)


def decoded_sound(content: bytes) -> Sound:
    """What libsndfile makes of a clip."""
    samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
    return Sound.from_samples(samples, sample_rate=rate)


class OpusWriter:
    """An Ogg Opus file written bit by bit; the same samples always give the same bytes, however they were cut.

    samples: how many came.
    """

    def __init__(self, *, bitrate_bps: int, complexity: int) -> None:
        self.samples = 0
        import av  # 16 MB, which a station at rest has no use for

        self._file = io.BytesIO()
        self._frame = av.AudioFrame.from_ndarray
        self._container = av.open(self._file, "w", format="ogg", options={"fflags": "+bitexact"})
        self._stream = self._container.add_stream("libopus", rate=CLIP_RATE, options=_options(complexity))
        self._stream.bit_rate = bitrate_bps
        self._stream.layout = "mono"

    def add(self, samples: Samples) -> None:
        step = samples_of(_SLICE_MS)
        for start in range(0, len(samples), step):
            pcm = Sound(samples[start : start + step]).to_pcm16()
            frame = self._frame(pcm[None, :], format="s16", layout="mono")
            frame.sample_rate = CLIP_RATE
            frame.pts = self.samples
            self._container.mux(self._stream.encode(frame))
            self.samples += len(pcm)

    def finish(self) -> bytes:
        """The whole file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._file.getvalue()


def _encoded(sound: Sound, *, bitrate_bps: int, complexity: int, progress: Callable[[float], None]) -> bytes:
    writer = OpusWriter(bitrate_bps=bitrate_bps, complexity=complexity)
    step = samples_of(_SLICE_MS)
    for start in range(0, len(sound.samples), step):
        writer.add(sound.samples[start : start + step])
        progress(min(1.0, (start + step) / len(sound.samples)))
    return writer.finish()


def _options(complexity: int) -> dict[str, str]:
    return {
        "compression_level": str(complexity),
        "application": "voip",
        "frame_duration": "20",
        "vbr": "constrained",
    }


def wav(sound: Sound) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sound.to_pcm16(), CLIP_RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()
