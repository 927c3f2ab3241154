"""The port every voice engine stands behind."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.voices import Voice


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """One sentence as sound, mono."""

    samples: NDArray[np.int16]
    """PCM16 samples, one channel."""
    sample_rate: int
    """Samples per second."""

    @property
    def duration_ms(self) -> int:
        return round(len(self.samples) * 1000 / self.sample_rate)


@runtime_checkable
class Engine(Protocol):
    """Says one sentence at a time; an instance may be called from several threads at once."""

    name: str
    parallel: int
    """How many sentences at once are worth asking for."""

    def version(self) -> str:
        """Short text that changes whenever the same words would sound different; never raises."""

    def available(self) -> Reason | None:
        """None when ready, else why not."""

    def synthesize(self, sentence: str, *, voice: Voice, deadline: Deadline) -> Speech:
        """Say ``sentence`` whole or raise ``SpeechError``; returns soon after ``deadline`` at the latest.

        ``voice.name`` may be empty: the engine then takes its own voice for ``voice.region``.
        """
