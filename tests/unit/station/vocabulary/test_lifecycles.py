"""Every lifecycle is its table."""

import pytest

from broadcaster.errors import Conflict
from broadcaster.protocol.values import DeliveryState as D
from broadcaster.refusals.sentences import sentence
from broadcaster.station.broadcasts.outcomes import verdict
from broadcaster.station.vocabulary.lifecycles import ANNOUNCEMENT, BROADCAST, DELIVERY, JOB, OCCURRENCE, can_move, move
from broadcaster.station.vocabulary.states import AnnouncementState as A
from broadcaster.station.vocabulary.states import BroadcastState as B


@pytest.mark.parametrize("table", [ANNOUNCEMENT, BROADCAST, DELIVERY, JOB, OCCURRENCE])
def test_a_table_knows_every_state_and_no_other(table: dict[D, frozenset[D]]) -> None:
    kind = type(next(iter(table)))
    assert set(table) == set(kind)
    assert {to for steps in table.values() for to in steps} <= set(kind)


def test_a_step_the_table_has_is_taken() -> None:
    assert move(ANNOUNCEMENT, A.DRAFT, A.PENDING_APPROVAL) is A.PENDING_APPROVAL


def test_a_step_the_table_lacks_is_refused_in_words() -> None:
    with pytest.raises(Conflict, match=r"state\.cannot_move") as refusal:
        move(ANNOUNCEMENT, A.DRAFT, A.APPROVED)
    assert sentence(refusal.value.reason).startswith("Không thể chuyển từ “Bản nháp” sang “Đã duyệt”")


@pytest.mark.parametrize("state", [A.REJECTED, A.WITHDRAWN])
def test_some_ends_are_final(state: A) -> None:
    assert not any(can_move(ANNOUNCEMENT, state, to) for to in A)


def test_played_is_the_last_word() -> None:
    assert not any(can_move(DELIVERY, D.PLAYED, to) for to in D)
    assert all(can_move(DELIVERY, state, D.PLAYED) for state in D if state is not D.PLAYED)


@pytest.mark.parametrize(
    ("counts", "over", "state"),
    [
        ({D.PLANNED: 3}, False, None),
        ({D.STORED: 3}, False, None),
        ({D.PLAYING: 1, D.STORED: 2}, False, B.ON_AIR),
        ({D.PLAYED: 3}, True, B.COMPLETED),
        ({D.PLAYED: 2, D.MISSED: 1}, True, B.PARTIAL),
        ({D.INTERRUPTED: 3}, True, B.PARTIAL),
        ({D.FAILED: 1, D.MISSED: 2}, True, B.MISSED),
    ],
)
def test_a_broadcast_is_what_its_deliveries_make_it(counts: dict[D, int], over: bool, state: B | None) -> None:
    assert verdict(counts, over=over) is state
