"""After a damaged or refusing card: what was due before the loss may have sounded already, so it does not begin."""

from datetime import UTC, datetime

from speaker_node.memory.database import LedgerDatabase

NAME = "forgot"
NEVER = datetime.max.replace(tzinfo=UTC)


class MemoryLoss:
    """Knows the instant before which nothing may begin."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database
        known = 0 if database.earlier_memory_lost else database.number(NAME)
        self._lost = database.lost_memory or known > 0
        self._before_at = datetime.fromtimestamp(known, UTC) if known else None

    def before_at(self, now_at: datetime | None) -> datetime | None:
        """None when nothing was forgotten; the end of time until it is known.

        ``now_at`` is None while the clock cannot be trusted: nothing begins before it can.
        """
        if not self._lost:
            return None
        if self._before_at is None and now_at is not None:
            self._before_at = now_at
            self._database.raise_number(NAME, int(now_at.timestamp()))
            self._database.mark_complete()
        return self._before_at or NEVER
