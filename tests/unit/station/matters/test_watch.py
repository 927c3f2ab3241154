"""The station's own look for what is the matter: it accuses no node of a silence that is the station's."""

from datetime import datetime, timedelta

import pytest

from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import ClockState
from broadcaster.station.database.engine import Database
from broadcaster.station.matters import matters
from broadcaster.station.matters.watch import Lookout
from broadcaster.station.nodes import nodes
from broadcaster.station.rows import heartbeats
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


class Hands:
    """A station whose clock and broker are moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database, self.now_at = database, NOW
        self.lookout = Lookout(database, lambda: self.now_at)

    def after(self, minutes: int, *, connected: bool = True) -> list[str]:
        """Look again so much later; the subjects that wait for somebody."""
        self.now_at += timedelta(minutes=minutes)
        with self.database.session() as s:
            heartbeats.beat(s, "publisher", self.now_at, {"connected": connected})
        self.lookout.watch()
        with self.database.reading() as s:
            return [each.subject for each in matters.waiting(s)]


def speak(database: Database, at: datetime) -> None:
    status = NodeStatus(
        node="ban-cuon", connection=1, online=True, at=at, clock=ClockState.SYNCED, sound="alsa", volume_percent=90
    )
    with database.session() as s:
        nodes.record_status(s, status=status, now_at=at)


def test_a_station_started_after_a_night_off_waits_before_it_accuses(database: Database, commune: Commune) -> None:
    speak(database, NOW - timedelta(hours=8))
    hands = Hands(database)
    assert hands.after(1) == []
    assert hands.after(8) == []
    assert hands.after(1) == ["node:ban-cuon"]


def test_while_the_broker_is_away_and_shortly_after_silence_says_nothing(database: Database, commune: Commune) -> None:
    hands = Hands(database)
    speak(database, NOW)
    assert hands.after(20, connected=False) == ["station:parts"]
    assert hands.after(9) == ["station:parts"]
    assert hands.after(1) == ["node:ban-cuon", "station:parts"]


def test_a_broker_that_is_away_for_a_moment_is_no_matter(database: Database, commune: Commune) -> None:
    hands = Hands(database)
    speak(database, NOW)
    assert hands.after(0.5, connected=False) == []
    assert hands.after(0.4, connected=False) == []
    assert hands.after(0.1, connected=False) == ["station:parts"]
