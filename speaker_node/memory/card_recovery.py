"""A card that refused may take writes again: room was made, a bad contact closed. Then the pole returns to it."""

import logging

from speaker_node.body.health import Health
from speaker_node.memory.agenda_store import AgendaBook
from speaker_node.memory.database import Database

log = logging.getLogger(__name__)
TRY_SECONDS = 60.0


class Homecoming:
    """Tries now and then while ledger or agenda live in memory only."""

    def __init__(self, database: Database, book: AgendaBook, health: Health) -> None:
        self._database = database
        self._book = book
        self._health = health
        self._again_seconds: float | None = None

    def step(self, monotonic: float, *, busy: bool) -> None:
        """``busy`` is while something sounds: writing everything anew takes a poor card its time."""
        if not self._database.volatile and not self._book.fault:
            self._again_seconds = None
        elif self._again_seconds is None:
            self._again_seconds = monotonic + TRY_SECONDS
        elif monotonic >= self._again_seconds and not busy:
            self._again_seconds = monotonic + TRY_SECONDS
            self._try()

    def _try(self) -> None:
        if (not self._database.volatile or self._database.come_back()) and self._book.save():
            log.info("nothing is kept in memory only any more")
            self._health.storage_fault = ""
