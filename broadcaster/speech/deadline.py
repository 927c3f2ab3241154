"""A moment after which a piece of work is no longer wanted."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One total budget, handed down so that every step below spends from the same purse."""

    ends_at_seconds: float
    """Instant on ``clock`` (seconds) at which the budget is spent."""
    clock: Clock = field(default=time.monotonic, compare=False)
    """Monotonic clock in seconds."""

    @classmethod
    def after(cls, seconds: float, *, clock: Clock = time.monotonic) -> "Deadline":
        return cls(ends_at_seconds=clock() + seconds, clock=clock)

    def remaining_seconds(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.ends_at_seconds - self.clock())

    @property
    def passed(self) -> bool:
        return self.remaining_seconds() <= 0.0

    def within(self, seconds: float) -> "Deadline":
        """The earlier of this deadline and ``seconds`` from now."""
        return Deadline(min(self.ends_at_seconds, self.clock() + seconds), self.clock)
