"""What waits to be stored: every fact once, fairly taken, and of statuses what still counts."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcaster.delivery.intake import waiting as room
from broadcaster.delivery.intake.waiting import Waiting
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.nodes.statuses import ArrivedStatus

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def facts(numbers: Iterable[int]) -> list[Receipt]:
    return [
        Receipt(receipt=f"receipt-{number}", broadcast="broadcast-1", state=DeliveryState.PLAYED, at=NOW, sequence=1)
        for number in numbers
    ]


def add(waiting: Waiting, node: str, numbers: Iterable[int], *, patience_seconds: float = 0) -> bool:
    return waiting.add_facts(node, facts(numbers), received_at=NOW, patience_seconds=patience_seconds)


def said(after: int = 0, *, fresh: bool = True, **what: Any) -> ArrivedStatus:
    words = {"node": "na-ca", "connection": 1, "online": True, "at": NOW, "boot": "a"} | what
    return ArrivedStatus(NodeStatus(**words), NOW + timedelta(seconds=after), fresh)


def standing(*statuses: ArrivedStatus) -> list[ArrivedStatus]:
    waiting = Waiting()
    for each in statuses:
        waiting.add_status(each)
    return waiting.take_statuses(10).get("na-ca", [])


def test_a_fact_that_waits_is_not_kept_again() -> None:
    waiting = Waiting()
    assert add(waiting, "na-ca", [1, 2])
    assert add(waiting, "na-ca", [2, 3])
    assert (waiting.facts, len(waiting.take_facts(10)), waiting.facts) == (3, 3, 0)


def test_every_node_has_its_turn_however_much_another_says() -> None:
    waiting = Waiting()
    add(waiting, "flood", range(1_000))
    add(waiting, "na-ca", [1])
    taken = waiting.take_facts(room.TURN + 1)
    assert {each.node_id for each in taken} == {"flood", "na-ca"}


def test_too_much_of_one_node_is_not_kept_and_leaves_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FACTS_OF_NODE", 10)
    waiting = Waiting()
    assert add(waiting, "flood", range(10))
    assert not add(waiting, "flood", [11])
    assert add(waiting, "na-ca", [1])


def test_when_all_is_full_the_sender_waits_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FACTS", 10)
    waiting = Waiting()
    add(waiting, "na-ca", range(10))
    assert not add(waiting, "ang-hin", [1])
    stored: list[bool] = []
    sender = threading.Thread(target=lambda: stored.append(add(waiting, "ang-hin", [1], patience_seconds=10)))
    sender.start()
    waiting.take_facts(5)
    sender.join(5)
    assert stored == [True]


def test_what_could_not_be_stored_waits_again_without_pushing_out_anything() -> None:
    waiting = Waiting()
    add(waiting, "na-ca", [1, 2])
    taken = waiting.take_facts(10)
    add(waiting, "na-ca", [2])
    waiting.put_back(taken)
    assert sorted(each.receipt.receipt for each in waiting.take_facts(10)) == ["receipt-1", "receipt-2"]
    assert waiting.facts == 0


def test_a_whole_status_leaves_nothing_of_what_was_said_before() -> None:
    last = said(3, clips_missing=3)
    assert standing(said(1), said(2, unchanged=True), said(2, at=None, online=False), last) == [last]


def test_of_heartbeats_the_last_is_enough() -> None:
    whole, last = said(1), said(9, unchanged=True)
    assert standing(whole, *(said(each, unchanged=True) for each in range(2, 9)), last) == [whole, last]


def test_a_will_does_not_make_void_what_was_said_before_it() -> None:
    whole, will = said(1), said(2, at=None, online=False)
    assert standing(whole, will) == [whole, will]


def test_an_older_connection_makes_nothing_void() -> None:
    newer, older = said(1, connection=9), said(2, connection=8)
    assert standing(newer, older) == [newer, older]


def test_two_machines_that_speak_in_turn_are_both_heard() -> None:
    boots = [each.status.boot for each in standing(said(1, boot="a"), said(2, boot="b"), said(3, boot="a"))]
    assert boots == ["a", "b", "a"]


def test_what_waits_of_one_node_is_bounded() -> None:
    assert len(standing(*(said(each, boot=str(each)) for each in range(100)))) == room.STATUSES_OF_NODE


def test_statuses_put_back_stand_before_what_came_meanwhile() -> None:
    waiting = Waiting()
    will = said(1, at=None, online=False)
    waiting.add_status(will)
    taken = waiting.take_statuses(10)
    later = said(2)
    waiting.add_status(later)
    waiting.put_back_statuses(taken)
    assert waiting.take_statuses(10) == {"na-ca": [will, later]}
