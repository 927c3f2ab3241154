"""Keeps looking for what somebody has to deal with."""

from collections.abc import Callable
from datetime import datetime

from broadcaster.station.database.engine import Database
from broadcaster.station.matters import matters
from broadcaster.station.matters.findings import findings
from broadcaster.station.people import approvers
from broadcaster.station.rows import heartbeats


class Lookout:
    """Knows since when the station can hear the nodes at all: until then their silence says nothing of them."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._listening_since_at = clock()

    def watch(self) -> None:
        """One look; with thousands of nodes it takes a while, and nobody who writes waits for it."""
        now_at = self._clock()
        self._end_waiting(now_at)
        with self._database.reading() as s:
            if not heartbeats.hears_nodes(s, now_at=now_at):
                self._listening_since_at = now_at
            seen = list(findings(s, now_at=now_at, listening_since_at=self._listening_since_at))
            if not matters.is_news(s, seen):
                return
        with self._database.session() as s:
            matters.note(s, seen, now_at=now_at)

    def _end_waiting(self, now_at: datetime) -> None:
        """An approver's role that no second administrator can confirm takes effect when its day is over."""
        with self._database.reading() as s:
            if not approvers.due(s, now_at=now_at):
                return
        with self._database.session() as s:
            approvers.take_effect_alone(s, now_at=now_at)
