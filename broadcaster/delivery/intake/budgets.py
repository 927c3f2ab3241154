"""How much one node may ask of the station, and who asks too much."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

FORGOTTEN_AFTER_SECONDS = 86_400.0
"""What a node did longer ago is not reported any more."""
LATELY_SECONDS = 300.0
REPORTED = 20
"""Nodes named in a report; a flood from everywhere needs no longer list."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """burst: what may come at once; a_second: how quickly that grows back."""

    burst: float
    a_second: float


MESSAGES = Allowance(burst=2_000, a_second=20)
"""A node says at most four statuses a second, and after a week away some hundred batches of receipts."""
NEW_FACTS = Allowance(burst=20_000, a_second=0.2)
"""A node states a handful of facts for each broadcast; this is more than a year's absence, and 17,000 a day."""


class Budgets:
    """One account a node. Safe to use from every thread."""

    def __init__(self, allowance: Allowance, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._allowance = allowance
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._accounts: dict[str, tuple[float, float]] = {}

    def spend(self, node: str) -> bool:
        """Take one from the node's account; False when there is none."""
        with self._lock:
            left = self._balance(node)
            self._accounts[node] = (left - 1 if left >= 1 else left, self._monotonic())
            return left >= 1

    def is_solvent(self, node: str) -> bool:
        """Whether the node's account is not overdrawn."""
        with self._lock:
            return self._balance(node) > 0

    def charge_all(self, costs: Mapping[str, int]) -> None:
        """Take what was spent already, even below nothing."""
        with self._lock:
            now = self._monotonic()
            self._accounts.update((node, (self._balance(node) - cost, now)) for node, cost in costs.items())

    def _balance(self, node: str) -> float:
        now = self._monotonic()
        left, at = self._accounts.get(node, (self._allowance.burst, now))
        return min(self._allowance.burst, left + (now - at) * self._allowance.a_second)


@dataclass(slots=True)
class _Record:
    counts: Counter[str] = field(default_factory=Counter)
    at: float = 0.0


class Conduct:
    """What nodes did that none should: counted by node and kind, for a day. Safe to use from every thread."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._records: dict[str, _Record] = {}

    def note(self, node: str, kind: str, times: int = 1) -> None:
        """The node did this."""
        with self._lock:
            record = self._records.setdefault(node, _Record())
            record.counts[kind] += times
            record.at = self._monotonic()

    def note_all(self, kind: str, times: Mapping[str, int]) -> None:
        """These nodes did this so often."""
        for node, count in times.items():
            self.note(node, kind, count)

    def lately(self, kind: str) -> bool:
        """Whether any node did this in the last minutes."""
        now = self._monotonic()
        with self._lock:
            return any(kind in each.counts and now - each.at < LATELY_SECONDS for each in self._records.values())

    def excess(self) -> dict[str, int]:
        """By node how often it asked too much."""
        with self._lock:
            return {node: each.counts["excess"] for node, each in self._records.items() if each.counts["excess"]}

    def report(self) -> dict[str, dict[str, int]]:
        """By node how often it did what, of those who did most."""
        now = self._monotonic()
        with self._lock:
            self._records = {
                node: each for node, each in self._records.items() if now - each.at < FORGOTTEN_AFTER_SECONDS
            }
            worst = sorted(self._records.items(), key=lambda item: -item[1].counts.total())[:REPORTED]
            return {node: dict(record.counts) for node, record in worst}
