"""At three in the morning nothing but an emergency."""

from datetime import datetime, timedelta

import pytest

from broadcaster.errors import Conflict
from broadcaster.protocol.agenda import QuietHours
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import settings
from broadcaster.station.rules.quiet_hours import overlaps
from tests.rig.commune import NOW, Commune, approved, declare

NIGHT = QuietHours(from_minute=22 * 60, to_minute=4 * 60 + 45)
NOON = QuietHours(from_minute=12 * 60, to_minute=13 * 60)


@pytest.mark.parametrize(
    ("hours", "start", "end", "quiet"),
    [
        (NIGHT, "21:40", "22:00", False),
        (NIGHT, "21:40", "22:01", True),
        (NIGHT, "23:59", "23:59", True),
        (NIGHT, "03:15", "03:20", True),
        (NIGHT, "04:44", "05:00", True),
        (NIGHT, "04:45", "05:00", False),
        (NOON, "11:00", "14:00", True),
        (NOON, "13:00", "14:00", False),
        (QuietHours(from_minute=0, to_minute=1440), "10:00", "10:01", True),
        (QuietHours(from_minute=600, to_minute=600), "10:00", "10:01", False),
    ],
)
def test_quiet_hours_touch_what_sounds_in_them(hours: QuietHours, start: str, end: str, quiet: bool) -> None:
    first, last = (datetime.fromisoformat(f"2026-11-21T{each}:00+07:00") for each in (start, end))
    assert overlaps(hours, first, max(last, first + timedelta(seconds=1))) is quiet


def test_an_order_in_quiet_hours_is_refused_unless_it_is_an_emergency(database: Database, commune: Commune) -> None:
    routine = approved(database, commune)
    declare(database, commune)
    urgent = approved(database, commune, text="Bão.", broadcast_class="emergency")
    with database.session() as s:
        settings.write(s, "quiet_hours", [[9 * 60, 11 * 60]])
    with pytest.raises(Conflict, match="09:00–11:00"), database.session() as s:
        broadcasts.broadcast_now(s, announcement=routine, by=commune.officer, now_at=NOW)
    with database.session() as s:
        assert broadcasts.broadcast_now(s, announcement=urgent, by=commune.officer, now_at=NOW).live
