"""Bytes over the link in this calendar month, kept across restarts at little cost to the card."""

from datetime import datetime

from speaker_node.errors import StorageFault
from speaker_node.link.connection import BrokerConnection
from speaker_node.memory.database import LedgerDatabase

SAVE_BYTES = 1_000_000


class Traffic:
    """Adds what the link moved to what the card remembers."""

    def __init__(self, database: LedgerDatabase, link: BrokerConnection) -> None:
        self._database = database
        self._link = link
        self._month = ""
        self._base = 0
        self._counted = 0
        self._saved = 0

    def this_month(self, now_at: datetime) -> int:
        """Bytes since the first of the month."""
        month = f"bytes {now_at:%Y-%m}"
        if month != self._month:
            self._month, self._base = month, self._database.number(month)
            self._counted, self._saved = self._link.bytes_moved, self._base
        total = self._base + self._link.bytes_moved - self._counted
        if total - self._saved >= SAVE_BYTES:
            self._save(total)
        return total

    def close(self) -> None:
        """Remember what was counted since the last time."""
        if self._month:
            self._save(self._base + self._link.bytes_moved - self._counted)

    def _save(self, total: int) -> None:
        self._saved = total
        try:
            self._database.raise_number(self._month, total)
        except StorageFault:
            return  # an estimate is not worth more than the ledger, which reports the card's fault
