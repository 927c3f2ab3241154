"""A card that refused may take writes again: room was made, a bad contact closed. Then the node returns to it."""

import logging

from speaker_node.memory.agenda_store import AgendaStore
from speaker_node.memory.database import LedgerDatabase

log = logging.getLogger(__name__)
TRY_SECONDS = 60.0


class CardRecovery:
    """Tries now and then while ledger or agenda live in memory only."""

    def __init__(self, database: LedgerDatabase, agendas: AgendaStore) -> None:
        self._database = database
        self._agendas = agendas
        self._again_seconds: float | None = None

    def step(self, monotonic: float, *, busy: bool) -> bool:
        """Try when it is time; True when the card has just taken everything again.

        ``busy`` is while something sounds: writing everything anew takes a poor card its time.
        """
        if not self._database.volatile and not self._agendas.fault:
            self._again_seconds = None
        elif self._again_seconds is None:
            self._again_seconds = monotonic + TRY_SECONDS
        elif monotonic >= self._again_seconds and not busy:
            self._again_seconds = monotonic + TRY_SECONDS
            return self._try()
        return False

    def _try(self) -> bool:
        if (not self._database.volatile or self._database.return_to_card()) and self._agendas.save():
            log.info("nothing is kept in memory only any more")
            return True
        return False
