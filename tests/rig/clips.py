"""Small real clips: tones and noise as Ogg Opus or WAV, made with the libraries a test machine has."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

import numpy
import soundfile

from broadcaster.protocol.agenda import ClipRef
from broadcaster.protocol.mqtt.chunks import describe

RATE = 48_000


@dataclass(frozen=True, slots=True)
class TestClip:
    """data: the file's bytes; ref: the protocol's description of it; samples: mono float reference."""

    __test__ = False
    data: bytes
    ref: ClipRef
    samples: numpy.ndarray


def noise_clip(seconds: float, *, seed: int = 1, opus: bool = True, chunk_bytes: int = 16_384) -> TestClip:
    """Band-limited noise, which correlates with nothing but itself."""
    generator = numpy.random.default_rng(seed)
    samples = generator.normal(0, 0.15, int(seconds * RATE))
    kernel = numpy.hanning(9) / numpy.hanning(9).sum()
    samples = numpy.convolve(samples, kernel, mode="same").clip(-0.9, 0.9)
    return _clip(samples, opus=opus, chunk_bytes=chunk_bytes)


def voice_clip(seconds: float, *, seed: int = 1) -> TestClip:
    """Noise in syllables: it grows and fades as a voice does."""
    generator = numpy.random.default_rng(seed)
    course = numpy.concatenate(
        [
            generator.uniform(0.02, 0.5) * numpy.hanning(int(generator.uniform(0.08, 0.3) * RATE))
            for _ in range(int(seconds / 0.08))
        ]
    )
    count = int(seconds * RATE)
    return _clip((generator.normal(0, 0.5, count) * course[:count]).clip(-0.9, 0.9), opus=True, chunk_bytes=16_384)


def _clip(samples: numpy.ndarray, *, opus: bool, chunk_bytes: int) -> TestClip:
    file = BytesIO()
    kind = {"format": "OGG", "subtype": "OPUS"} if opus else {"format": "WAV", "subtype": "PCM_16"}
    soundfile.write(file, samples, RATE, **kind)
    data = file.getvalue()
    duration_ms = round(len(samples) * 1000 / RATE)
    return TestClip(data, describe(data, duration_ms=duration_ms, chunk_bytes=chunk_bytes), samples)


def corrupted(clip: TestClip) -> bytes:
    """The clip with one bit wrong."""
    broken = bytearray(clip.data)
    broken[len(broken) // 2] ^= 1
    assert hashlib.sha256(broken).hexdigest() != clip.ref.sha256
    return bytes(broken)
