"""Whether too many ask the console at once: said by those who had to send somebody away, asked by health."""

import time
from collections.abc import Callable

LATELY_SECONDS = 60.0


class Overload:
    """Safe to use from every thread."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._noted_at = float("-inf")

    def note(self) -> None:
        """Somebody was sent away, or must wait."""
        self._noted_at = self._monotonic()

    @property
    def lately(self) -> bool:
        return self._monotonic() - self._noted_at < LATELY_SECONDS
