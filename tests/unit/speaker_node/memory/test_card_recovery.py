"""A node whose card refused goes back to it without anybody restarting anything."""

from pathlib import Path

import pytest

from broadcaster.protocol.signing import Audience, public_key, sign_agenda
from speaker_node.memory.agenda_store import AgendaStore
from speaker_node.memory.card_recovery import TRY_SECONDS, CardRecovery
from speaker_node.memory.database import LedgerDatabase
from tests.unit.speaker_node.situations import NOON, agenda

SEED = bytes(range(32))


class RefusingNode:
    """A node whose card has just refused both ledger and agenda, at second 0."""

    def __init__(self, data: Path) -> None:
        self.database = LedgerDatabase(data / "ledger.db", memory=data)
        self.blocked = data / "agenda.jws.new"
        self.blocked.mkdir()
        self.book = AgendaStore(data / "agenda.jws", self.database, Audience("xa", "loa-1", public_key(SEED)))
        self.book.accept(sign_agenda(agenda(), SEED), now_at=NOON)
        self.database.rows("PRAGMA query_only = ON")
        self.database.raise_number("agenda", 1)
        self.recovery = CardRecovery(self.database, self.book)
        self.recovery.step(0, busy=False)

    def in_memory(self) -> tuple[bool, bool]:
        """Whether the ledger, and whether the agenda is kept in memory only."""
        return self.database.volatile, bool(self.book.fault)


@pytest.fixture
def node(tmp_path: Path) -> RefusingNode:
    return RefusingNode(tmp_path)


def test_after_a_minute_everything_is_on_the_card_and_that_is_told(node: RefusingNode) -> None:
    node.blocked.rmdir()
    assert not node.recovery.step(TRY_SECONDS - 1, busy=False)
    assert node.in_memory() == (True, True)
    assert node.recovery.step(TRY_SECONDS, busy=False)
    assert node.in_memory() == (False, False)
    node.database.close()


def test_nothing_is_tried_while_a_clip_sounds(node: RefusingNode) -> None:
    node.blocked.rmdir()
    assert not node.recovery.step(TRY_SECONDS, busy=True)
    assert node.database.volatile
    assert node.recovery.step(TRY_SECONDS + 1, busy=False)
    assert not node.database.volatile
    node.database.close()


def test_a_card_that_takes_the_ledger_but_not_the_agenda_is_tried_again(node: RefusingNode) -> None:
    assert not node.recovery.step(TRY_SECONDS, busy=False)
    assert node.in_memory() == (False, True)
    node.blocked.rmdir()
    assert node.recovery.step(2 * TRY_SECONDS, busy=False)
    assert node.in_memory() == (False, False)
    node.database.close()
