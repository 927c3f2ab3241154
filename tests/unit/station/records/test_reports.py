"""A month in figures, from receipts alone."""

from datetime import timedelta

import pytest

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.records import reports
from broadcaster.station.records.reports import Month
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, fact

pytestmark = pytest.mark.integration
HOUR = timedelta(hours=1)


def aired(database: Database, commune: Commune) -> None:
    """One announcement: whole on one node, cut short on the other."""
    announcement = approved(database, commune)
    with database.session() as s:
        made = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)
        whole = fact(made, DeliveryState.PLAYED, 5, played_ms=CLIP_MS)
        cut = fact(made, DeliveryState.INTERRUPTED, 6, played_ms=5_000)
        receipts.store(s, node_id="ban-cuon", receipts=[whole], now_at=NOW)
        receipts.store(s, node_id="lung-pang", receipts=[cut], now_at=NOW)


def month(database: Database, *, hours: int = 1, units: set[str] | None = None) -> Month:
    with database.reading() as s:
        return reports.month(s, from_at=NOW - HOUR, until_at=NOW + hours * HOUR, units=units)


def test_every_node_is_told_by_what_it_stated(database: Database, commune: Commune) -> None:
    aired(database, commune)
    found = month(database)
    assert [(line.node.id, line.asked, line.played, line.cut, line.sounded_ms) for line in found.nodes] == [
        ("ban-cuon", 1, 1, 0, CLIP_MS),
        ("lung-pang", 1, 0, 1, 5_000),
    ]
    assert [(entry.nodes, entry.played) for entry in found.entries] == [(2, 1)]
    assert [(line.broadcast_class, line.aired) for line in found.classes] == [
        ("routine", 1),
        ("priority", 0),
        ("emergency", 0),
    ]


def test_a_hamlet_and_a_time_narrow_it(database: Database, commune: Commune) -> None:
    aired(database, commune)
    found = month(database, units={"lung-pang"})
    assert [line.node.id for line in found.nodes] == ["lung-pang"]
    assert (found.asked, found.played) == (1, 0)
    assert month(database, hours=0).entries == []


def test_what_was_called_off_or_is_still_to_come_is_in_no_book(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        at = NOW + timedelta(minutes=10)
        made = broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=at)
        assert made.state == "scheduled"
    assert month(database).entries == []
