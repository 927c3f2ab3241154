"""The one thread of a process that looks whether something changed, and tells every open page at once."""

import threading
import time
from collections import Counter
from collections.abc import Mapping

from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import changes

LOOK_SECONDS = 0.3
IDLE_SECONDS = 5.0
"""With nobody listening for so long the watcher goes home."""


class Watcher:
    """Looks at the change counters while somebody listens."""

    def __init__(self, database: Database, *, most_streams: int) -> None:
        self._database = database
        self._most_streams = most_streams
        self._news = threading.Condition()
        self._counters: dict[str, int] = {}
        self._streams = 0
        self._held: Counter[str] = Counter()
        self._looking = False
        self._listened_at = 0.0
        self._stopped = False

    @property
    def most_streams(self) -> int:
        return self._most_streams

    def join(self, bounds: Mapping[str, int] | None = None) -> bool:
        """Take a place among the listeners; False when all are taken, or all that one of ``bounds`` allows: of each
        name how many may listen that carry it."""
        bounds = bounds or {}
        with self._news:
            if self._streams >= self._most_streams or self._stopped:
                return False
            if any(self._held[name] >= most for name, most in bounds.items()):
                return False
            self._held.update(bounds.keys())
            self._streams += 1
            if not self._looking:
                self._looking, self._listened_at = True, time.monotonic()
                self._counters = changes_of(self._database)
                threading.Thread(target=self._look, name="web-changes", daemon=True).start()
            return True

    def leave(self, bounds: Mapping[str, int] | None = None) -> None:
        """Give the place back that was taken with the same bounds."""
        with self._news:
            self._held.subtract(dict.fromkeys(bounds or {}, 1))
            self._held += Counter()
            self._streams -= 1

    def stop(self) -> None:
        with self._news:
            self._stopped = True
            self._news.notify_all()

    @property
    def counters(self) -> dict[str, int]:
        return self._counters

    @property
    def stopped(self) -> bool:
        return self._stopped

    def wait(self, known: dict[str, int], *, timeout_seconds: float) -> dict[str, int]:
        """The counters, as soon as they differ from ``known`` or the time is over."""
        with self._news:
            self._news.wait_for(lambda: self._stopped or self._counters != known, timeout_seconds)
            return self._counters

    def _look(self) -> None:
        while self._wanted():
            self._tell(changes_of(self._database))
            time.sleep(LOOK_SECONDS)

    def _wanted(self) -> bool:
        """False, and no longer looking, when nobody has listened for a while."""
        now = time.monotonic()
        with self._news:
            if self._streams:
                self._listened_at = now
            self._looking = not self._stopped and now - self._listened_at <= IDLE_SECONDS
            return self._looking

    def _tell(self, counters: dict[str, int]) -> None:
        if counters and counters != self._counters:
            with self._news:
                self._counters = counters
                self._news.notify_all()


def changes_of(database: Database) -> dict[str, int]:
    """The counters now; nothing when the database does not answer, which the next look will mend."""
    try:
        with database.reading(urgent=True) as s:
            return changes.read(s)
    except LoaError:
        return {}
