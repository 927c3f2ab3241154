"""A pole whose card refused goes back to it without anybody restarting anything."""

from pathlib import Path

import pytest

from broadcaster.protocol.signing import Audience, public_key, sign_agenda
from speaker_node.body.health import Health
from speaker_node.memory.agenda_store import AgendaBook
from speaker_node.memory.card_recovery import TRY_SECONDS, Homecoming
from speaker_node.memory.database import Database
from tests.unit.speaker_node.situations import NOON, agenda

SEED = bytes(range(32))


class Pole:
    """A pole whose card has just refused both ledger and agenda, at second 0."""

    def __init__(self, data: Path) -> None:
        self.database = Database(data / "ledger.db", memory=data)
        self.blocked = data / "agenda.jws.new"
        self.blocked.mkdir()
        self.book = AgendaBook(data / "agenda.jws", self.database, Audience("xa", "loa-1", public_key(SEED)))
        self.book.accept(sign_agenda(agenda(), SEED), now_at=NOON)
        self.database.rows("PRAGMA query_only = ON")
        self.database.raise_number("agenda", 1)
        self.health = Health(data)
        self.health.storage_fault = "Thẻ nhớ đầy"
        self.homecoming = Homecoming(self.database, self.book, self.health)
        self.homecoming.step(0, busy=False)

    def facts(self) -> tuple[bool, bool, str]:
        return self.database.volatile, bool(self.book.fault), self.health.storage_fault


@pytest.fixture
def pole(tmp_path: Path) -> Pole:
    return Pole(tmp_path)


def test_after_a_minute_everything_is_on_the_card_and_the_fault_is_no_longer_told(pole: Pole) -> None:
    pole.blocked.rmdir()
    pole.homecoming.step(TRY_SECONDS - 1, busy=False)
    assert pole.facts() == (True, True, "Thẻ nhớ đầy")
    pole.homecoming.step(TRY_SECONDS, busy=False)
    assert pole.facts() == (False, False, "")
    pole.database.close()


def test_nothing_is_tried_while_a_clip_sounds(pole: Pole) -> None:
    pole.blocked.rmdir()
    pole.homecoming.step(TRY_SECONDS, busy=True)
    assert pole.database.volatile
    pole.homecoming.step(TRY_SECONDS + 1, busy=False)
    assert not pole.database.volatile
    pole.database.close()


def test_a_card_that_takes_the_ledger_but_not_the_agenda_is_tried_again(pole: Pole) -> None:
    pole.homecoming.step(TRY_SECONDS, busy=False)
    assert pole.facts() == (False, True, "Thẻ nhớ đầy")
    pole.blocked.rmdir()
    pole.homecoming.step(2 * TRY_SECONDS, busy=False)
    assert pole.facts() == (False, False, "")
    pole.database.close()
