"""Ledger and outbox: what is written before sound, and what is forgotten only on the station's word."""

from pathlib import Path

import pytest

from broadcaster.protocol.reasons import TroubleCode
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from speaker_node.errors import AlreadyBegun, NodeReason, StorageFault
from speaker_node.memory.database import LedgerDatabase
from speaker_node.memory.ledger import KEEP, MOVES, OPEN, Ledger
from speaker_node.memory.memory_loss import NEVER, MemoryLoss
from speaker_node.memory.outbox import BATCH, LONGEST_RESEND_SECONDS, RESEND_SECONDS, Outbox, PlayFact
from tests.unit.speaker_node.situations import at, item

State = DeliveryState
ONE = item("a", 0)


def _fact(state: State, **more: object) -> PlayFact:
    return PlayFact(state, at(1), ClockState.SYNCED, **more)  # type: ignore[arg-type]


@pytest.fixture
def outbox(database: LedgerDatabase) -> Outbox:
    return Outbox(database)


@pytest.fixture
def ledger(database: LedgerDatabase, outbox: Outbox) -> Ledger:
    ledger = Ledger(database, outbox)
    ledger.enter([ONE], at=at(0))
    return ledger


def _reopened(database: LedgerDatabase) -> tuple[Ledger, Outbox]:
    outbox = Outbox(database)
    return Ledger(database, outbox), outbox


def _begin(ledger: Ledger) -> None:
    ledger.begin(ONE.broadcast, at=at(0), boot="b", sounds_seconds=5.0)


def test_a_begun_broadcast_is_known_after_a_crash_although_no_receipt_was_made(
    ledger: Ledger, outbox: Outbox, database: LedgerDatabase
) -> None:
    _begin(ledger)
    entry = _reopened(database)[0].entries[ONE.broadcast]
    assert (entry.state, entry.attempts, entry.boot, entry.sounds_seconds) == (State.PLAYING, 1, "b", 5.0)
    assert entry.broadcast_class is BroadcastClass.ROUTINE
    assert len(outbox) == 0


@pytest.mark.parametrize("state", [s for s in State if s not in OPEN])
def test_nothing_begins_twice(ledger: Ledger, state: State) -> None:
    _begin(ledger)
    if state is not State.PLAYING:
        ledger.settle(ONE.broadcast, _fact(state))
    with pytest.raises(AlreadyBegun, match="không phát lần nữa"):
        _begin(ledger)


def test_a_reopened_broadcast_begins_again_and_remembers_that_it_sounded(ledger: Ledger) -> None:
    _begin(ledger)
    ledger.started(ONE.broadcast, _fact(State.PLAYING))
    ledger.reopen(ONE.broadcast, at=at(2))
    assert ledger.entries[ONE.broadcast].sounding
    _begin(ledger)
    assert (ledger.entries[ONE.broadcast].attempts, ledger.entries[ONE.broadcast].sounding) == (2, False)


@pytest.mark.parametrize("end", [s for s in State if s not in MOVES])
def test_the_end_of_a_story_is_the_end(ledger: Ledger, end: State) -> None:
    _begin(ledger)
    ledger.settle(ONE.broadcast, _fact(end))
    assert ledger.entries[ONE.broadcast].settled
    for state in State:
        with pytest.raises(AlreadyBegun, match="không chuyển được"):
            ledger.settle(ONE.broadcast, _fact(state))


def test_state_and_receipt_are_written_together(ledger: Ledger, database: LedgerDatabase) -> None:
    ledger.settle(ONE.broadcast, _fact(State.MISSED, reason=NodeReason("device_stalled", {"device": "default"})))
    again, outbox = _reopened(database)
    receipts = outbox.due(0)
    assert again.entries[ONE.broadcast].state is State.MISSED
    assert [(r.broadcast, r.state, r.reason, r.facts) for r in receipts] == [
        (ONE.broadcast, State.MISSED, "device_stalled", {"device": "default"})
    ]


def test_what_was_said_is_said_once_more_when_more_is_known_and_nothing_else_is(ledger: Ledger, outbox: Outbox) -> None:
    _begin(ledger)
    ledger.settle(ONE.broadcast, _fact(State.PLAYED))
    ledger.restate(ONE.broadcast, _fact(State.PLAYED, heard=True))
    ledger.restate(ONE.broadcast, _fact(State.MISSED, heard=True))
    assert [(receipt.state, receipt.heard) for receipt in outbox.due(0)] == [(State.PLAYED, None), (State.PLAYED, True)]


def test_receipts_are_numbered_upwards_across_restarts_and_acknowledgements(
    ledger: Ledger, outbox: Outbox, database: LedgerDatabase
) -> None:
    ledger.settle(ONE.broadcast, _fact(State.STORED))
    first = outbox.due(0)[0]
    outbox.acknowledged((first.receipt,))
    later_ledger, later = _reopened(database)
    later_ledger.settle(ONE.broadcast, _fact(State.MISSED))
    assert later.due(0)[0].sequence > first.sequence


def test_a_receipt_is_sent_again_ever_more_rarely_until_it_is_acknowledged(ledger: Ledger, outbox: Outbox) -> None:
    ledger.settle(ONE.broadcast, _fact(State.MISSED))
    now, pauses = 0.0, []
    receipt = outbox.due(now)[0]
    for _ in range(10):
        sent = now
        while not outbox.due(now):
            now += 1
        pauses.append(now - sent)
    assert pauses[0] == RESEND_SECONDS
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_RESEND_SECONDS
    outbox.acknowledged((receipt.receipt, "khong-co-that"))
    assert (outbox.due(now + 10_000), len(outbox)) == ((), 0)


def test_a_new_connection_makes_every_receipt_due_at_once(ledger: Ledger, outbox: Outbox) -> None:
    ledger.settle(ONE.broadcast, _fact(State.MISSED))
    assert outbox.due(0)
    assert not outbox.due(1)
    outbox.link_changed()
    assert outbox.due(1)


def test_receipts_leave_in_batches_oldest_first(ledger: Ledger, outbox: Outbox) -> None:
    many = [item(str(i), 0) for i in range(BATCH + 5)]
    ledger.enter(many, at=at(0))
    for each in many:
        ledger.settle(each.broadcast, _fact(State.MISSED))
    first, second = outbox.due(0), outbox.due(0)
    assert (len(first), len(second)) == (BATCH, 5)
    numbers = [r.sequence for r in first + second]
    assert numbers == sorted(numbers)


def test_old_settled_entries_go_when_no_agenda_names_them(ledger: Ledger, database: LedgerDatabase) -> None:
    ledger.settle(ONE.broadcast, _fact(State.MISSED))
    later = ONE.expires_at + KEEP + KEEP
    ledger.prune([ONE.broadcast], at=later)
    assert ONE.broadcast in ledger.entries
    ledger.prune([], at=ONE.expires_at)
    assert ONE.broadcast in ledger.entries
    ledger.prune([], at=later)
    assert ONE.broadcast not in _reopened(database)[0].entries


def test_numbers_never_fall(database: LedgerDatabase) -> None:
    database.raise_number("agenda", 7)
    database.raise_number("agenda", 3)
    assert database.number("agenda") == 7


def test_a_damaged_file_is_set_aside_and_the_node_knows_that_it_forgot(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"khong phai co so du lieu" * 500)
    reborn = LedgerDatabase(path, memory=tmp_path)
    assert reborn.lost_memory
    assert reborn.number("agenda") == 0
    assert (tmp_path / "ledger.broken").exists()
    reborn.close()


def test_when_the_card_refuses_the_ledger_goes_on_in_memory_and_says_so(
    database: LedgerDatabase, ledger: Ledger, outbox: Outbox
) -> None:
    database.rows("PRAGMA query_only = ON")
    ledger.settle(ONE.broadcast, _fact(State.MISSED))
    assert database.volatile
    assert database.fault
    assert database.fault.code == TroubleCode.LEDGER_NOT_WRITTEN
    assert not database.lost_memory, "this run knows what it played"
    assert [r.state for r in outbox.due(0)] == [State.MISSED]
    assert len(outbox) == 1
    database.rows("PRAGMA query_only = ON")
    with pytest.raises(StorageFault, match="Hãy khởi động lại"):
        database.raise_number("agenda", 1)


def test_after_a_loss_nothing_begins_that_was_due_before_the_clock_was_first_trusted(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"khong phai co so du lieu" * 500)
    database = LedgerDatabase(path, memory=tmp_path)
    loss = MemoryLoss(database)
    assert loss.before_at(None) == NEVER
    assert loss.before_at(at(10)) == at(10)
    assert MemoryLoss(database).before_at(at(500)) == at(10), "a restart knows it too"
    database.close()


def test_a_whole_ledger_forgets_nothing(database: LedgerDatabase) -> None:
    assert MemoryLoss(database).before_at(at(0)) is None
