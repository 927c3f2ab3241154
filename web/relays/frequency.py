"""How often a slot comes in a month: what relaying costs is counted by it."""

from datetime import datetime, timedelta

from broadcaster.errors import Invalid
from broadcaster.station.schema import Slot
from scheduler.occurrences import recurrence_of

MONTH = timedelta(days=30)


def times_a_month(slot: Slot, now_at: datetime) -> int:
    """In the thirty days from now on; what cannot be read comes never."""
    try:
        return sum(1 for _ in recurrence_of(slot).starts(from_at=now_at, until_at=now_at + MONTH))
    except Invalid:
        return 0
