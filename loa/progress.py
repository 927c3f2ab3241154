"""Lines on the terminal while things start: each step when it begins, and every second what is waited for."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

EVERY_SECONDS = 1.0


class Progress:
    """``monotonic`` gives seconds; an argument so that a test need not wait."""

    def __init__(self, output: TextIO | None = None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._output = output or sys.stdout
        self._monotonic = monotonic
        self._began = self._said = monotonic()

    def step(self, what: str) -> None:
        """This begins now."""
        self._say(f"{what}…")

    def waiting(self, what: str) -> None:
        """This is waited for; said once a second at most."""
        if self._monotonic() - self._said >= EVERY_SECONDS:
            self._say(f"… chờ {what}")

    def _say(self, line: str) -> None:
        self._said = self._monotonic()
        print(f"[{self._said - self._began:4.1f} s] {line}", file=self._output, flush=True)
