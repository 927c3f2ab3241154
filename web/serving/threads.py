"""Which threads answer which requests: orders that sound or silence have some that nothing else can take up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]

from web.serving.urgency import URGENT


@dataclass(frozen=True, slots=True)
class Reserve:
    """threads: kept back for requests whose path begins with one of these."""

    threads: int
    prefixes: tuple[str, ...]


ORDERS = Reserve(8, URGENT)
QUICK = Reserve(2, ("/static/", "/health", "/api/v1/health", "/metrics"))
"""What never waits for anybody, and what says how the station is."""
RESERVES = (ORDERS, QUICK)


class Threads:
    """Several sets of threads behind the one that waitress expects. ``on_crowded`` is called when all of those for
    ordinary pages are taken and as many requests wait."""

    def __init__(self, ordinary: int, *, on_crowded: Callable[[], None]) -> None:
        self._most_waiting = ordinary
        self._on_crowded = on_crowded
        self._ordinary = _started(ordinary)
        self._reserves = [(reserve.prefixes, _started(reserve.threads)) for reserve in RESERVES]

    def add_task(self, task: Any) -> None:
        path = str(task.requests[0].path) if task.requests else ""
        chosen = next((each for prefixes, each in self._reserves if path.startswith(prefixes)), self._ordinary)
        if chosen is self._ordinary and len(chosen.queue) >= self._most_waiting:
            self._on_crowded()
        chosen.add_task(task)

    def shutdown(self, *, timeout: float) -> None:
        for each in (self._ordinary, *(threads for _, threads in self._reserves)):
            each.shutdown(timeout=timeout)


def _started(count: int) -> ThreadedTaskDispatcher:
    made = ThreadedTaskDispatcher()
    made.set_thread_count(count)
    return made
