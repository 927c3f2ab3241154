"""Sound to Ogg Opus, and to WAV for those who want to listen with old tools; libopus through PyAV.

Why PyAV and not libsndfile: docs/decisions/0003-opus-encoder.md.
"""

import io
from collections.abc import Callable, Iterator

import av
import numpy as np
import soundfile

from broadcaster.audio.sound import CLIP_RATE, Sound, samples_of

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


def _encoded(sound: Sound, *, bitrate_bps: int, complexity: int, progress: Callable[[float], None]) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=CLIP_RATE, options=_options(complexity))
        stream.bit_rate = bitrate_bps
        stream.layout = "mono"
        for fraction, frame in _frames(sound):
            container.mux(stream.encode(frame))
            progress(fraction)
        container.mux(stream.encode(None))
    return file.getvalue()


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


def _frames(sound: Sound) -> Iterator[tuple[float, av.AudioFrame]]:
    step = samples_of(_SLICE_MS)
    for start in range(0, len(sound.samples), step):
        pcm = Sound(sound.samples[start : start + step]).to_pcm16()
        frame = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
        frame.sample_rate = CLIP_RATE
        frame.pts = start
        yield min(1.0, (start + step) / len(sound.samples)), frame
