"""After a damaged or refusing card: what was due before the loss may have sounded already, so it does not begin."""

from datetime import UTC, datetime

from speaker_node.clock.node_clock import Reading
from speaker_node.memory.database import Database

NAME = "forgot"
NEVER = datetime.max.replace(tzinfo=UTC)


class MemoryLoss:
    """Knows the instant before which nothing may begin."""

    def __init__(self, database: Database) -> None:
        self._database = database
        known = 0 if database.left_before else database.number(NAME)
        self._lost = database.lost_memory or known > 0
        self._before_at = datetime.fromtimestamp(known, UTC) if known else None

    def before_at(self, reading: Reading) -> datetime | None:
        """None when nothing was forgotten. Until the clock can be trusted it is the end of time: nothing begins."""
        if not self._lost:
            return None
        if self._before_at is None and reading.trusted:
            self._before_at = reading.now_at
            self._database.raise_number(NAME, int(reading.now_at.timestamp()))
            self._database.bear_witness()
        return self._before_at or NEVER
