"""Keeps looking how far releases are; nobody who writes waits for it while nothing moves."""

from collections.abc import Callable
from datetime import datetime

from broadcaster.station.database.engine import Database
from broadcaster.station.releases import progress


class ReleaseWatch:
    """One look at a time."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def look(self) -> None:
        """Follow what the nodes said since the last look."""
        now_at = self._clock()
        with self._database.reading() as s:
            if not progress.wants_look(s, now_at=now_at):
                return
        with self._database.session() as s:
            progress.look(s, now_at=now_at)
