"""The alarm residents are told of: from its first sound until it is over."""

from datetime import datetime, timedelta

import pytest

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import receipts
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders, stories
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.records import alarms
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, Unit
from tests.rig.commune import NOW, Commune, approved, fact

pytestmark = pytest.mark.integration
MINUTE = timedelta(minutes=1)


def sound(database: Database, commune: Commune, **more: object) -> EmergencyOrder:
    """A storm warning, asked for and confirmed."""
    storm = approved(database, commune, broadcast_class="emergency", title="Cảnh báo bão")
    with database.session() as s:
        heard = storm.content_hash or ""
        wanted = EmergencyRequest(announcement=announcements.get(s, storm.id), drill=False, heard=heard, **more)  # type: ignore[arg-type]
        order = orders.ask(s, wanted, by=commune.officer, now_at=NOW)
    with database.session() as s:
        return orders.confirm(s, order=order, drill=False, heard=heard, by=commune.approver, now_at=NOW)


def on(database: Database, *, after: timedelta = MINUTE, unit: str | None = None) -> list[alarms.Alarm]:
    with database.session() as s:
        return alarms.on_now(s, s.get_one(Unit, unit) if unit else None, now_at=NOW + after)


def clear(database: Database, commune: Commune, order: EmergencyOrder, now_at: datetime) -> None:
    calm = approved(database, commune, broadcast_class="emergency", title="Báo an toàn", text="Đã an toàn.")
    with database.session() as s:
        s.get_one(Announcement, calm.id).phrase = "all_clear"
    with database.session() as s:
        stated = s.get_one(EmergencyOrder, order.id)
        asked = stories.all_clear(s, order=stated, by=commune.officer, now_at=now_at)
    assert on(database), "until the second person confirmed it, the alarm is on"
    with database.session() as s:
        heard = asked.content_hash
        orders.confirm(s, order=asked, drill=False, heard=heard, by=commune.approver, now_at=now_at)


@pytest.mark.parametrize("more", [{}, {"every_minutes": 5, "for_minutes": 60}], ids=["once", "repeated"])
def test_an_alarm_is_on_until_its_all_clear(database: Database, commune: Commune, more: dict[str, object]) -> None:
    order = sound(database, commune, **more)
    [alarm] = on(database)
    assert (alarm.broadcast.title, alarm.every_minutes) == ("Cảnh báo bão", more.get("every_minutes"))
    assert NOW <= alarm.since_at <= NOW + MINUTE
    clear(database, commune, order, NOW + MINUTE)
    assert on(database, after=2 * MINUTE) == []


def test_an_alarm_that_somebody_ended_is_over(database: Database, commune: Commune) -> None:
    order = sound(database, commune, every_minutes=5, for_minutes=60)
    with database.session() as s:
        stories.end(s, order=s.get_one(EmergencyOrder, order.id), by=commune.officer, now_at=NOW + MINUTE)
    assert on(database, after=2 * MINUTE) == []


def test_an_alarm_that_ran_to_its_end_is_over(database: Database, commune: Commune) -> None:
    sound(database, commune, every_minutes=5, for_minutes=60)
    assert len(on(database, after=59 * MINUTE)) == 1
    assert on(database, after=61 * MINUTE) == []


def test_an_alarm_is_told_where_it_was_meant_to_sound(database: Database, commune: Commune) -> None:
    sound(database, commune, zones=("lung-pang",))
    assert len(on(database, unit="lung-pang")) == 1
    assert len(on(database, unit="con-minh")) == 1
    assert on(database, unit="ban-cuon") == []


def test_it_can_be_heard_again_once_somebody_heard_it(database: Database, commune: Commune) -> None:
    order = sound(database, commune)
    assert [alarm.heard_id for alarm in on(database)] == [None]
    with database.session() as s:
        broadcast = s.get_one(Broadcast, s.get_one(EmergencyOrder, order.id).broadcast_id)
        played = [fact(broadcast, DeliveryState.PLAYED, 1)]
        receipts.store(s, node_id=commune.strong.id, receipts=played, now_at=NOW + MINUTE)
    assert [alarm.heard_id for alarm in on(database)] == [order.broadcast_id]


def test_before_its_first_sound_and_without_an_order_nothing_is_on(database: Database, commune: Commune) -> None:
    approved(database, commune, broadcast_class="emergency", title="Cảnh báo lũ")
    sound(database, commune)
    assert on(database, after=-MINUTE) == []
    assert len(on(database)) == 1


def test_an_exercise_is_told_to_nobody(database: Database, commune: Commune) -> None:
    order = sound(database, commune)
    with database.session() as s:
        s.get_one(EmergencyOrder, order.id).drill = True
    assert on(database) == []
