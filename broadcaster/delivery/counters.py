"""Counts of what happened on the wire, for the metrics page; each kind of trouble is logged at its first time."""

import logging
import threading
from collections import Counter

log = logging.getLogger(__name__)


class DeliveryCounters:
    """Safe to use from every thread."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, what: str, times: int = 1) -> None:
        with self._lock:
            self._counts[what] += times

    def refuse(self, reason: str, detail: object) -> None:
        """Count a message that was refused. A flood of one kind fills no log."""
        with self._lock:
            self._counts[f"refused_{reason}"] += 1
            first = self._counts[f"refused_{reason}"] == 1
        if first:
            log.warning("refused (%s; further ones are only counted): %s", reason, detail)

    def read(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)
