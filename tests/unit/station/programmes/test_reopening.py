"""What a clock that was ahead closed before its time is open again, and what nodes gave up sounds all the same."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from broadcaster.config import Config
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.station.agendas.content import for_node
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.orders import in_service
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.reopening import reopen
from broadcaster.station.schema import Broadcast, Delivery, NodeState, Occurrence
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from scheduler.service import SchedulerService
from tests.rig.commune import NOW, Commune, approved

pytestmark = pytest.mark.integration
TODAY = date(2026, 11, 21)
WRONG_AT = NOW + timedelta(hours=7)
HORIZON = timedelta(hours=96)
TONIGHT = {"weekdays": list(range(7)), "times": ["11:00"]}
"""In an hour, in Vietnam."""


def ordered(database: Database, commune: Commune) -> str:
    announcement = approved(database, commune)
    with database.session() as s:
        start_at = NOW + timedelta(hours=1)
        return broadcasts.broadcast_now(
            s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=start_at
        ).id


def settle_ahead(database: Database) -> None:
    with database.session() as s:
        broadcasts.settle(s, now_at=WRONG_AT)


def put_right(database: Database, *, minutes: int = 0) -> None:
    with database.session() as s:
        reopen(s, now_at=NOW + timedelta(minutes=minutes), horizon=HORIZON)


def state_of(database: Database, broadcast_id: str) -> tuple[BroadcastState, set[DeliveryState]]:
    with database.reading() as s:
        found = s.get_one(Broadcast, broadcast_id)
        return found.state, {delivery.state for delivery in found.deliveries}


def states(database: Database, node_id: str, broadcast_id: str, state: DeliveryState) -> None:
    said = Receipt(
        receipt=f"{broadcast_id}-{state}",
        broadcast=broadcast_id,
        state=state,
        at=NOW,
        sequence=5,
        reason="" if state is DeliveryState.PLAYING else "cancelled",
    )
    with database.session() as s:
        receipts.store(s, node_id=node_id, receipts=[said], now_at=NOW)


def on_agenda(database: Database, node_id: str) -> list[str]:
    with database.reading() as s:
        node = next(node for node in in_service(s) if node.id == node_id)
        return [item.broadcast for item in for_node(s, node=node, now_at=NOW).items]


def test_what_was_missed_before_its_time_is_planned_again(database: Database, commune: Commune) -> None:
    order = ordered(database, commune)
    settle_ahead(database)
    assert state_of(database, order) == (BroadcastState.MISSED, {DeliveryState.MISSED})
    put_right(database)
    assert state_of(database, order) == (BroadcastState.SCHEDULED, {DeliveryState.PLANNED})
    assert order in on_agenda(database, commune.strong.id)


def test_what_was_missed_in_its_time_stays_missed(database: Database, commune: Commune) -> None:
    order = ordered(database, commune)
    settle_ahead(database)
    put_right(database, minutes=24 * 60)
    assert state_of(database, order)[0] is BroadcastState.MISSED


def test_a_play_that_counted_as_unfinished_goes_on(database: Database, commune: Commune) -> None:
    order = ordered(database, commune)
    states(database, commune.strong.id, order, DeliveryState.PLAYING)
    settle_ahead(database)
    put_right(database)
    assert state_of(database, order) == (BroadcastState.ON_AIR, {DeliveryState.PLAYING, DeliveryState.PLANNED})


def test_what_a_person_cancelled_is_not_planned_again(database: Database, commune: Commune) -> None:
    order = ordered(database, commune)
    with database.session() as s:
        broadcasts.cancel(s, broadcast=s.get_one(Broadcast, order), by=commune.officer, now_at=NOW)
    settle_ahead(database)
    states(database, commune.strong.id, order, DeliveryState.CANCELLED)
    put_right(database)
    assert state_of(database, order)[0] is BroadcastState.CANCELLED
    assert on_agenda(database, commune.strong.id) == []


def test_what_a_node_gave_up_meanwhile_sounds_there_under_another_id(database: Database, commune: Commune) -> None:
    order = ordered(database, commune)
    settle_ahead(database)
    states(database, commune.strong.id, order, DeliveryState.CANCELLED)
    put_right(database)
    put_right(database)
    again = on_agenda(database, commune.strong.id)
    assert len(again) == 1
    assert again != [order]
    assert on_agenda(database, commune.weak.id) == [order]
    with database.reading() as s:
        first, second = s.get_one(Broadcast, order), s.get_one(Broadcast, again[0])
        assert (second.start_at, second.expires_at, second.title) == (first.start_at, first.expires_at, first.title)
        assert [delivery.node_id for delivery in second.deliveries] == [commune.strong.id]


def test_a_broadcast_that_every_node_gave_up_is_replaced_whole(database: Database, commune: Commune) -> None:
    order = ordered(database, commune)
    settle_ahead(database)
    for node in (commune.strong, commune.weak):
        states(database, node.id, order, DeliveryState.CANCELLED)
    put_right(database)
    assert state_of(database, order)[0] is BroadcastState.CANCELLED
    assert on_agenda(database, commune.strong.id) == on_agenda(database, commune.weak.id) != []


def test_what_a_node_took_for_expired_is_asked_again_once_its_clock_is_right(
    database: Database, commune: Commune
) -> None:
    order = ordered(database, commune)
    states(database, commune.strong.id, order, DeliveryState.EXPIRED)
    with database.session() as s:
        s.add(NodeState(node_id=commune.strong.id, clock=ClockState.SYNCED, clock_offset_ms=86_400_000))
    put_right(database)
    assert on_agenda(database, commune.strong.id) == []
    with database.session() as s:
        s.get_one(NodeState, commune.strong.id).clock_offset_ms = 40
    put_right(database)
    assert len(on_agenda(database, commune.strong.id)) == 1


def test_a_node_that_left_the_zone_or_the_service_is_not_asked_again(database: Database, commune: Commune) -> None:
    order = ordered(database, commune)
    with database.session() as s:
        nodes.revoke_node(s, node=s.merge(commune.strong), by=None, now_at=NOW)
    states(database, commune.strong.id, order, DeliveryState.CANCELLED)
    put_right(database)
    with database.reading() as s:
        assert {delivery.broadcast_id for delivery in s.query(Delivery)} == {order}


def test_dates_noted_as_missed_two_years_ahead_come_to_nothing(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    announcement = approved(database, commune)
    with database.session() as s:
        slot = slots.add_slot(s, name="Trưa", rule=TONIGHT, zones=["con-minh"], by=None, now_at=NOW)
        slots.put(s, slot=slot, announcement=announcement, first_on=TODAY, by=commune.officer, now_at=NOW)
    clock = [NOW]
    service = SchedulerService(database, Config(data_dir=tmp_path), lambda: clock[0])

    def everything_due() -> None:
        for work in (service.plan, service.settle, service.plan, service.look_out):
            work()

    everything_due()
    before = dates(database)
    assert (NOW + timedelta(hours=1), OccurrenceState.FROZEN) in before
    clock[0] = NOW + timedelta(days=730)
    everything_due()
    assert len([state for _, state in dates(database) if state is OccurrenceState.MISSED]) >= 20
    clock[0] = NOW + timedelta(minutes=1)
    everything_due()
    assert [each for each in dates(database) if each[1] is not OccurrenceState.CANCELLED] == before
    assert len(on_agenda(database, commune.strong.id)) == 1


def dates(database: Database) -> list[tuple[object, OccurrenceState]]:
    with database.reading() as s:
        return sorted(((each.start_at, each.state) for each in s.query(Occurrence)), key=str)
