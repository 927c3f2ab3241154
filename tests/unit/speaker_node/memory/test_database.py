"""A ledger whose card takes no more writes goes on in memory; restarts leave it there, the power takes it."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from broadcaster.protocol.reasons import TroubleCode
from speaker_node.memory.completeness_mark import CompletenessMark
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.memory_fallback import SHARED_MEMORY, memory_folder
from speaker_node.memory.memory_loss import NEVER, MemoryLoss
from speaker_node.memory.outbox import Outbox
from tests.unit.speaker_node.situations import at


@pytest.fixture
def refusing(card: Path, memory: Path) -> Iterator[LedgerDatabase]:
    """In memory, for the card took no more writes; it knows agenda 2."""
    database = LedgerDatabase(card, memory=memory)
    database.rows("PRAGMA query_only = ON")
    database.raise_number("agenda", 2)
    yield database
    database.close()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    folder = tmp_path / "memory"
    folder.mkdir()
    return folder


def _power_cut(memory: Path) -> None:
    shutil.rmtree(memory)
    memory.mkdir()


def _block(card: Path) -> Path:
    """A card that takes no ledger back until this is removed."""
    obstacle = card.with_name("ledger.db.new")
    obstacle.mkdir()
    return obstacle


def test_a_run_in_memory_is_taken_up_by_the_next_one_and_goes_back_with_it(
    refusing: LedgerDatabase, card: Path, memory: Path
) -> None:
    obstacle = _block(card)
    refusing.close()
    restarted = LedgerDatabase(card, memory=memory)
    assert (restarted.number("agenda"), restarted.volatile, restarted.lost_memory) == (2, True, False)
    assert restarted.fault
    assert restarted.fault.code == TroubleCode.LEDGER_NOT_WRITTEN
    restarted.raise_number("agenda", 3)
    restarted.close()

    obstacle.rmdir()
    with_room_again = LedgerDatabase(card, memory=memory)
    assert (with_room_again.number("agenda"), with_room_again.volatile, with_room_again.fault) == (3, False, None)
    assert (with_room_again.lost_memory, list(memory.iterdir())) == (False, [])
    assert MemoryLoss(with_room_again).before_at(at(10)) is None
    with_room_again.close()


def test_after_a_power_cut_in_memory_the_next_run_knows_that_the_card_was_not_told(
    refusing: LedgerDatabase, card: Path, memory: Path
) -> None:
    refusing.close()
    _power_cut(memory)
    with_room_again = LedgerDatabase(card, memory=memory)
    assert (with_room_again.number("agenda"), with_room_again.lost_memory) == (0, True)
    before = with_room_again.number("sequence")
    Outbox(with_room_again)
    assert with_room_again.number("sequence") > before + 1000, "its facts outrank those of the run that is lost"
    assert MemoryLoss(with_room_again).before_at(at(10)) == at(10)
    with_room_again.close()

    later = LedgerDatabase(card, memory=memory)
    assert MemoryLoss(later).before_at(at(500)) == at(10), "and a restart knows it too"
    later.close()


def test_a_loss_that_no_clock_has_dated_yet_is_not_forgotten_by_a_restart_in_memory(
    refusing: LedgerDatabase, card: Path, memory: Path
) -> None:
    refusing.close()
    _power_cut(memory)
    obstacle = _block(card)
    forgetful = LedgerDatabase(card, memory=memory)
    forgetful.rows("PRAGMA query_only = ON")
    forgetful.raise_number("agenda", 1)
    assert MemoryLoss(forgetful).before_at(None) == NEVER
    forgetful.close()

    for monotonic in (10, 500):
        restarted = LedgerDatabase(card, memory=memory)
        assert restarted.volatile
        assert MemoryLoss(restarted).before_at(at(monotonic)) == at(10)
        restarted.close()

    obstacle.rmdir()
    home = LedgerDatabase(card, memory=memory)
    assert (home.volatile, MemoryLoss(home).before_at(at(900))) == (False, at(10))
    home.close()


def _refuses_writes(card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite opens such a file for reading, and says nothing."""
    connect = sqlite3.connect

    def refusing(path: Path, **how: Any) -> sqlite3.Connection:
        asked, named = (f"file:{path}?mode=ro", True) if path == card else (str(path), False)
        opened: sqlite3.Connection = connect(asked, uri=named, **how)
        return opened

    monkeypatch.setattr(sqlite3, "connect", refusing)


def test_a_read_only_card_tells_nothing_of_what_an_earlier_run_played_in_memory(
    card: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LedgerDatabase(card, memory=memory).close()
    card.with_suffix(".whole").unlink()
    card.with_suffix(".whole").mkdir()  # cannot be taken away
    _refuses_writes(card, monkeypatch)
    careful = LedgerDatabase(card, memory=memory)
    assert (careful.volatile, careful.lost_memory) == (True, True)
    assert MemoryLoss(careful).before_at(at(10)) == at(10)
    careful.close()


def test_a_card_found_full_forgets_nothing_when_no_run_had_left_it(
    card: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LedgerDatabase(card, memory=memory).close()
    _refuses_writes(card, monkeypatch)
    _block(card)
    for _ in range(2):
        confident = LedgerDatabase(card, memory=memory)
        assert (confident.volatile, confident.lost_memory) == (True, False)
        confident.close()
    _power_cut(memory)
    careful = LedgerDatabase(card, memory=memory)
    assert (careful.volatile, careful.lost_memory) == (True, True), "its mark was removed"
    careful.close()


@pytest.mark.parametrize("content", [b"", bytes(20_000), b"khong phai co so du lieu" * 500])
def test_a_copy_in_memory_that_cannot_be_read_counts_as_lost(
    refusing: LedgerDatabase, card: Path, memory: Path, content: bytes
) -> None:
    refusing.close()
    (copy,) = memory.glob("*/ledger.db")
    copy.write_bytes(content)
    careful = LedgerDatabase(card, memory=memory)
    assert (careful.volatile, careful.lost_memory, list(memory.iterdir())) == (False, True, [])
    careful.close()


def test_the_memory_goes_back_to_a_card_that_takes_writes_again(
    refusing: LedgerDatabase, card: Path, memory: Path
) -> None:
    assert (refusing.volatile, list(memory.iterdir()) != []) == (True, True)

    assert refusing.return_to_card()
    refusing.raise_number("agenda", 3)
    assert (refusing.volatile, refusing.fault, list(memory.iterdir())) == (False, None, [])

    after_a_power_cut = LedgerDatabase(card, memory=memory)
    assert (after_a_power_cut.number("agenda"), after_a_power_cut.lost_memory) == (3, False)
    after_a_power_cut.close()


def test_a_card_that_still_refuses_is_left_alone_and_the_work_goes_on(
    refusing: LedgerDatabase, card: Path, memory: Path
) -> None:
    _block(card)
    assert not refusing.return_to_card()
    refusing.raise_number("agenda", 3)
    assert (refusing.volatile, refusing.number("agenda")) == (True, 3)


def test_a_power_cut_on_the_way_back_leaves_a_careful_node(
    refusing: LedgerDatabase, card: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LedgerDatabase, "mark_complete", lambda _: None)
    assert refusing.return_to_card()
    monkeypatch.undo()
    after = LedgerDatabase(card, memory=memory)
    assert (after.number("agenda"), after.lost_memory) == (2, True)
    after.close()


def test_the_service_manager_names_the_place_and_shared_memory_serves_without_one(tmp_path: Path) -> None:
    assert memory_folder({"RUNTIME_DIRECTORY": f"{tmp_path}:/run/other"}) == tmp_path
    assert memory_folder({}) == SHARED_MEMORY


def test_whoever_ends_on_the_way_into_memory_forgets_nothing(
    card: Path, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = LedgerDatabase(card, memory=memory)
    ending.rows("PRAGMA query_only = ON")
    monkeypatch.setattr(CompletenessMark, "remove", _killed)
    with pytest.raises(KeyboardInterrupt):
        ending.raise_number("agenda", 2)
    monkeypatch.undo()
    ending.close()

    for _ in ("a restart", "a power cut"):
        after = LedgerDatabase(card, memory=memory)
        assert (after.lost_memory, after.number("agenda")) == (False, 0)
        after.close()
        _power_cut(memory)


def _killed(_mark: CompletenessMark) -> bool:
    raise KeyboardInterrupt


def test_a_damaged_ledger_that_cannot_be_set_aside_is_begun_anew_through_memory(card: Path, memory: Path) -> None:
    LedgerDatabase(card, memory=memory).close()
    card.write_bytes(b"")
    (card.parent / "ledger.broken" / "in the way").mkdir(parents=True)
    careful = LedgerDatabase(card, memory=memory)
    assert (careful.volatile, careful.lost_memory) == (False, True)
    careful.raise_number("agenda", 3)
    assert careful.number("agenda") == 3
    careful.close()
