"""A node's memory without a file: ten thousand ledgers on disk would need more open files than a system allows."""

import sqlite3
from pathlib import Path

from broadcaster.protocol.signing import Audience
from speaker_node.memory.agenda_store import AgendaStore
from speaker_node.memory.card_recovery import CardRecovery
from speaker_node.memory.connection_numbers import ConnectionNumbers
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.ledger import Ledger
from speaker_node.memory.ledger_file import SCHEMA
from speaker_node.memory.memory_loss import MemoryLoss
from speaker_node.memory.outbox import Outbox
from speaker_node.memory.records import Records


class LedgerInMemory(LedgerDatabase):
    """Forgets everything when the process ends, like a node whose card was replaced."""

    def __init__(self) -> None:
        self.volatile = False
        self.rebuilt = ""
        self.fault = None
        self.earlier_memory_lost = False
        self.lost_memory = False
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(SCHEMA)

    def mark_complete(self) -> None:
        """There is no earlier memory to be missed."""


class AgendaInMemory(AgendaStore):
    """Kept as it came, nowhere else."""

    def __init__(self, database: LedgerDatabase, audience: Audience) -> None:
        super().__init__(Path(), database, audience)

    def reload(self) -> None:
        """There is none."""

    def save(self) -> bool:
        """Nothing outlives the process."""
        return True


def records(audience: Audience) -> Records:
    """Of one node that begins anew."""
    database = LedgerInMemory()
    outbox = Outbox(database)
    agendas = AgendaInMemory(database, audience)
    return Records(
        database=database,
        loss=MemoryLoss(database),
        outbox=outbox,
        ledger=Ledger(database, outbox),
        agendas=agendas,
        connections=ConnectionNumbers(database),
        recovery=CardRecovery(database, agendas),
    )
