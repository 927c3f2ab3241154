"""What nodes said is written down and then acknowledged; what becomes of it when the database does not answer."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.status import NodeStatus
from broadcaster.station.broadcasts import receipts
from broadcaster.station.nodes import statuses
from broadcaster.station.schema import NodeState, ReceiptRow
from tests.unit.delivery.intake.intake_bench import NAMES, NOW, STATION, IntakeBench, broadcast_row

pytestmark = pytest.mark.integration  # a real database


def test_a_receipt_is_acknowledged_after_it_is_stored(bench: IntakeBench) -> None:
    bench.hear_receipts("receipt-1", "receipt-2")
    assert bench.acked() == []
    bench.work()
    assert bench.acked() == ["receipt-1", "receipt-2"]
    assert bench.stored(ReceiptRow) == 2


def test_what_cannot_be_stored_is_not_acknowledged_and_waits(bench: IntakeBench) -> None:
    bench.database.broken = True
    bench.hear_receipts("receipt-1")
    bench.work()
    assert (bench.acked(), bench.intake.hindered) == ([], True)
    bench.database.broken = False
    bench.work()
    assert (bench.acked(), bench.intake.hindered, bench.intake.waiting) == (["receipt-1"], False, 0)


def test_a_fact_that_breaks_the_storing_spoils_only_itself(bench: IntakeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = receipts.store_all

    def refuse_one(s: Any, stated: Sequence[receipts.Stated], **more: Any) -> Any:
        if any(each.receipt.receipt == "receipt-2" for each in stated):
            raise ZeroDivisionError
        return keep(s, stated, **more)

    monkeypatch.setattr(receipts, "store_all", refuse_one)
    bench.hear_receipts(*(f"receipt-{number}" for number in range(5)))
    bench.work()
    assert sorted(bench.acked()) == ["receipt-0", "receipt-1", "receipt-3", "receipt-4"]
    assert bench.tally.read()["refused_storing_ZeroDivisionError"] == 1
    assert bench.intake.conduct.report() == {"na-ca": {"unfit": 1}}


def test_a_status_that_breaks_the_storing_spoils_only_itself(
    bench: IntakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = statuses.record_all

    def refuse_one(s: Any, said: Mapping[str, Any]) -> set[str]:
        if "ang-hin" in said:
            raise ZeroDivisionError
        return keep(s, said)

    monkeypatch.setattr(statuses, "record_all", refuse_one)
    for name in NAMES:
        bench.hear(topics.status(STATION, name), NodeStatus(node=name, connection=1, online=True, at=NOW))
    bench.work()
    assert bench.stored(NodeState) == len(NAMES) - 1


def test_facts_about_an_unknown_broadcast_are_acknowledged_counted_and_dropped(bench: IntakeBench) -> None:
    bench.hear_receipts("receipt-1", "receipt-2", about="nobody-knows-it")
    bench.work()
    assert (bench.acked(), bench.stored(ReceiptRow)) == (["receipt-1", "receipt-2"], 0)
    assert bench.tally.read()["receipts_unknown"] == 2
    assert bench.intake.conduct.report() == {"na-ca": {"unknown": 2}}


def test_what_is_invented_or_stored_already_takes_no_lock(bench: IntakeBench) -> None:
    bench.hear_receipts("receipt-1")
    bench.work()
    bench.hear_receipts("receipt-1")
    bench.hear_receipts(*(f"invented-{number}" for number in range(90)), about="broadcast-invented")
    before = bench.database.transactions
    bench.work()
    assert (bench.database.transactions - before, len(bench.acked())) == (0, 92)
    assert bench.stored(ReceiptRow) == 1


def test_what_is_new_among_invented_facts_is_stored(bench: IntakeBench) -> None:
    bench.hear_receipts(*(f"invented-{number}" for number in range(90)), about="broadcast-invented")
    bench.hear_receipts("receipt-1", node="ang-hin")
    bench.work()
    assert "receipt-1" in bench.acked()
    assert bench.stored(ReceiptRow) == 1


def test_many_facts_are_stored_in_short_transactions(bench: IntakeBench) -> None:
    for start in range(0, 500, 100):
        bench.hear_receipts(*(f"receipt-{number}" for number in range(start, start + 100)))
    bench.work()
    assert bench.database.transactions >= 2  # the first one takes 200 at most, before anybody knows how long they take
    assert bench.stored(ReceiptRow) == len(set(bench.acked())) == 500


def test_a_fact_about_an_order_that_lies_in_the_spare_is_not_taken_for_invented(bench: IntakeBench) -> None:
    path = bench.database.database.url.database
    locked = sqlite3.connect(str(path), isolation_level=None)
    locked.execute("BEGIN IMMEDIATE")
    with bench.database.database.session(urgent=True) as s:
        s.add(broadcast_row("ordered-meanwhile"))
    locked.rollback()
    locked.close()
    assert bench.database.is_spared
    bench.hear_receipts("receipt-1", about="ordered-meanwhile")
    bench.work()
    assert (bench.acked(), bench.stored(ReceiptRow)) == (["receipt-1"], 1)


def test_of_a_nodes_statuses_the_latest_is_written_and_the_others_cost_nothing(bench: IntakeBench) -> None:
    for number in range(500):
        said = NodeStatus(node="na-ca", connection=1, online=True, at=NOW, clips_missing=number)
        bench.hear(topics.status(STATION, "na-ca"), said)
    bench.work()
    assert bench.tally.read() == {"statuses": 1, "statuses_stale": 0}
    with bench.database.database.reading() as s:
        assert s.get_one(NodeState, "na-ca").clips_missing == 499
