"""Orders that cannot wait."""

import pytest

from broadcaster.errors import Invalid, LoaError
from broadcaster.station import stop_all
from broadcaster.station.database import Database
from scheduler import emergencies
from tests.rig.commune import NOW, Commune, approved


def test_an_emergency_is_live_and_valid_for_hours(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune, broadcast_class="emergency", title="Bão")
    with database.session() as s:
        order = emergencies.sound(s, announcement=announcement, by=commune.approver, now_at=NOW)
    assert order.live
    assert (order.start_at - NOW).total_seconds() == 1
    assert (order.expires_at - order.start_at).total_seconds() > 6 * 3600


def test_the_same_order_given_twice_sounds_once(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune, broadcast_class="emergency", title="Bão")
    made = set()
    for _ in range(2):
        with database.session() as s:
            made.add(emergencies.sound(s, announcement=announcement, by=commune.approver, now_at=NOW, key="order-1").id)
    assert len(made) == 1


def test_an_everyday_bulletin_is_no_emergency(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    with pytest.raises(Invalid, match="không thuộc loại khẩn cấp") as caught, database.session() as s:
        emergencies.sound(s, announcement=announcement, by=commune.approver, now_at=NOW)
    assert caught.value.field == "class"


def test_silence_lasts_until_two_people_lift_it(database: Database, commune: Commune) -> None:
    with database.session() as s:
        emergencies.silence(s, by=commune.approver, reason="Loa bị chiếm quyền.", now_at=NOW)
    with database.session() as s:
        emergencies.ask_to_lift(s, by=commune.approver, now_at=NOW)
    with pytest.raises(LoaError), database.session() as s:
        emergencies.lift(s, by=commune.approver, now_at=NOW)
    with database.reading() as s:
        assert stop_all.in_force(s) is not None
    with database.session() as s:
        emergencies.lift(s, by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        assert stop_all.in_force(s) is None
