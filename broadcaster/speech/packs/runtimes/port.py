"""The port behind which every kind of model stands."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from broadcaster.speech.packs.manifest import PackSpeaker

Wave = NDArray[np.float32]
"""Mono samples, full scale at ±1."""


class PackRuntime(Protocol):
    """A loaded model; called by one thread at a time."""

    sample_rate: int
    """Samples per second of what it makes."""

    def missing(self, text: str) -> set[str]:
        """The symbols that ``text`` needs and the model's table lacks; what it lacks it would silently leave out."""

    def say(self, text: str, *, speaker: PackSpeaker, rate_percent: int) -> Wave:
        """Say ``text`` whole. May raise whatever the library raises."""
