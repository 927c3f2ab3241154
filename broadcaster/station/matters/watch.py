"""Keeps looking for what somebody has to deal with."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from broadcaster.station.copies import second_copy
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import matters
from broadcaster.station.matters.findings import MatterFinding, findings
from broadcaster.station.people import approvers
from broadcaster.station.rows import heartbeats

LASTING = timedelta(seconds=60)
APART = frozenset({second_copy.HINDRANCE})
"""What is a matter of its own."""


class Lookout:
    """Knows since when the station can hear the nodes at all: until then their silence says nothing of them."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._listening_since_at = self._well_at = clock()

    def watch(self) -> None:
        """One look; with thousands of nodes it takes a while, and nobody who writes waits for it."""
        now_at = self._clock()
        self._end_waiting(now_at)
        with self._database.reading() as s:
            if not heartbeats.hears_nodes(s, now_at=now_at):
                self._listening_since_at = now_at
            seen = list(findings(s, now_at=now_at, listening_since_at=self._listening_since_at))
            seen += self._degraded(s, now_at)
            if not matters.is_news(s, seen):
                return
        with self._database.session() as s:
            matters.note(s, seen, now_at=now_at)

    def _degraded(self, s: Session, now_at: datetime) -> list[MatterFinding]:
        """What hinders the station for longer than a moment."""
        publisher = heartbeats.read(s).get("publisher")
        detail = publisher.detail if publisher else {}
        hindrances = sorted({*detail.get("hindrances", ())} - APART)
        if detail.get("connected") is not False and not hindrances:
            self._well_at = now_at
            return []
        lasts = now_at - self._well_at >= LASTING
        return [MatterFinding("station_degraded", "station:parts", {"hindrances": hindrances}, sure=lasts)]

    def _end_waiting(self, now_at: datetime) -> None:
        """An approver's role that no second administrator can confirm takes effect when its day is over."""
        with self._database.reading() as s:
            if not approvers.due(s, now_at=now_at):
                return
        with self._database.session() as s:
            approvers.take_effect_alone(s, now_at=now_at)
