"""Nodes that flood the broker are shut out for a while: what they send costs everybody who shares the line to us."""

import logging
import time
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

EXCESS = 2_000
"""Messages beyond its budget between two looks that are ``WINDOW_SECONDS`` apart, as no honest node ever sends."""
WINDOW_SECONDS = 10.0
SUSPENDED_SECONDS = 60.0
"""It comes back, and goes again if it has not changed; what it was promised it plays all the while."""


class Suspensions:
    """Used by one thread. ``excess`` gives by node how many of its messages were too many, ever."""

    def __init__(
        self, excess: Callable[[], Mapping[str, int]], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._excess = excess
        self._monotonic = monotonic
        self._before: dict[str, int] = {}
        self._looked_at = monotonic()
        self._until: dict[str, float] = {}

    def now(self) -> frozenset[str]:
        """Who is shut out."""
        now = self._monotonic()
        if now - self._looked_at >= WINDOW_SECONDS:
            self._looked_at = now
            self._judge(dict(self._excess()), now)
        self._until = {node: until for node, until in self._until.items() if now < until}
        return frozenset(self._until)

    def _judge(self, excess: dict[str, int], now: float) -> None:
        for node, count in excess.items():
            if count - self._before.get(node, 0) >= EXCESS:
                log.warning("%s floods the station and is shut out for %d s", node, SUSPENDED_SECONDS)
                self._until[node] = now + SUSPENDED_SECONDS
        self._before = excess
