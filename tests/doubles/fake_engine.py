"""A voice engine that works, hums instead of speaking, and remembers what it was asked."""

from dataclasses import dataclass, field

import numpy as np

from broadcaster.refusals.reasons import Reason
from broadcaster.speech import Deadline, EngineFailed, SpeechError, Voice
from broadcaster.speech.engine import Speech

MS_PER_SYLLABLE = 200


@dataclass
class FakeEngine:
    """Says every sentence as a hum of 200 ms a syllable; raises ``failure`` instead while it is set.

    said: sentences said, in order.
    fails_from: index of the first sentence of a clip that meets ``failure``.
    """

    name: str = "fake"
    parallel: int = 1
    pitch_hz: float = 440.0
    failure: SpeechError | None = None
    fails_from: int = 0
    unavailable: Reason | None = None
    said: list[str] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)
    release: str = "1"

    def version(self) -> str:
        return f"{self.name}-{self.release}"

    def available(self) -> Reason | None:
        return self.unavailable

    def synthesize(self, sentence: str, *, voice: Voice, deadline: Deadline) -> Speech:
        if self.failure is not None and len(self.said) >= self.fails_from:
            raise self.failure
        if deadline.passed:
            raise EngineFailed("fake.too_slow")
        self.said.append(sentence)
        self.voices.append(voice)
        return hum(len(sentence.split()) * MS_PER_SYLLABLE * 100 / voice.rate_percent, pitch_hz=self.pitch_hz)


def hum(duration_ms: float, *, pitch_hz: float = 440.0, sample_rate: int = 22_050) -> Speech:
    count = int(duration_ms * sample_rate / 1000)
    wave = 12_000 * np.sin(2 * np.pi * pitch_hz * np.arange(count) / sample_rate)
    return Speech(samples=wave.astype(np.int16), sample_rate=sample_rate)
