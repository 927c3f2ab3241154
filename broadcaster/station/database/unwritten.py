"""Spares looks at a database into which nobody has written since the last one.

A dozen threads of a station ask twice a second or more often whether there is something for them. With a hundred
stations on one machine that is most of its work at rest. On a server's database every look is taken.
"""

import time
from collections.abc import Callable

from broadcaster.station.database.engine import Database


class Unwritten:
    """Asked before each look: ``if unwritten.still(): return``.

    at_most_seconds: so long looks are left out in a row, as some things fall due by the clock and not by a write.
    """

    def __init__(
        self, database: Database, *, at_most_seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._at_most_seconds = at_most_seconds
        self._monotonic = monotonic
        self._seen: int | None = None
        self._looked_at = float("-inf")

    def still(self) -> bool:
        """Whether the last look would show the same again. When not, this one counts as taken now."""
        version, now = self._database.version(), self._monotonic()
        if version is not None and version == self._seen and now - self._looked_at < self._at_most_seconds:
            return True
        self._seen, self._looked_at = version, now
        return False

    def forget(self) -> None:
        """The last look came to nothing: take the next one whatever happens."""
        self._seen = None
