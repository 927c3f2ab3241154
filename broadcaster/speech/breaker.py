"""A circuit breaker: an engine that keeps failing is left alone for a while."""

import threading

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.deadline import Clock

LONGEST_REST_SECONDS = 3600.0


class CircuitBreaker:
    """Opens after ``failures`` in a row; after a rest it lets one clip try again; thread-safe."""

    def __init__(self, *, failures: int, rest_seconds: float, clock: Clock) -> None:
        self._allowed = failures
        self._first_rest_seconds = rest_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failed_in_row = 0
        self._open_until = float("-inf")
        self._reason: Reason | None = None

    def refusal(self) -> Reason | None:
        """None when the engine may be asked; else why it is being left alone."""
        with self._lock:
            return self._reason if self._clock() < self._open_until else None

    def succeeded(self) -> None:
        with self._lock:
            self._failed_in_row = 0
            self._open_until = float("-inf")

    def failed(self, reason: Reason, *, at_once: bool = False) -> None:
        """Count a failure; ``at_once`` opens the breaker without waiting for more of them."""
        with self._lock:
            self._failed_in_row = max(self._failed_in_row + 1, self._allowed if at_once else 0)
            self._reason = reason
            if self._failed_in_row >= self._allowed:
                self._open_until = self._clock() + self._rest_seconds()

    def _rest_seconds(self) -> float:
        doublings = min(self._failed_in_row - self._allowed, 16)
        return min(float(self._first_rest_seconds * 2**doublings), LONGEST_REST_SECONDS)
