"""Everything a node remembers, opened together: one database, and beside it the agenda in force."""

from dataclasses import dataclass
from pathlib import Path

from broadcaster.protocol.signing import Audience
from speaker_node.memory.agenda_store import AgendaStore
from speaker_node.memory.card_recovery import CardRecovery
from speaker_node.memory.connection_numbers import ConnectionNumbers
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.ledger import Ledger
from speaker_node.memory.memory_loss import MemoryLoss
from speaker_node.memory.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Records:
    """The parts of a node's memory, each built from those before it.

    database: the file of all but the agenda.
    loss: what an earlier run may have played that is entered nowhere.
    outbox, ledger: receipts not yet acknowledged, and what was played.
    agendas: the agenda in force.
    connections: numbers for connections.
    recovery: the way back to a card that takes writes again.
    """

    database: LedgerDatabase
    loss: MemoryLoss
    outbox: Outbox
    ledger: Ledger
    agendas: AgendaStore
    connections: ConnectionNumbers
    recovery: CardRecovery


def open_records(data: Path, *, memory: Path, audience: Audience) -> Records:
    """``memory`` is a folder that outlives the program, but not the power. Raises StorageFault."""
    database = LedgerDatabase(data / "ledger.db", memory=memory)
    outbox = Outbox(database)
    agendas = AgendaStore(data / "agenda.jws", database, audience)
    return Records(
        database=database,
        loss=MemoryLoss(database),
        outbox=outbox,
        ledger=Ledger(database, outbox),
        agendas=agendas,
        connections=ConnectionNumbers(database),
        recovery=CardRecovery(database, agendas),
    )
