"""What an officer has still to do is found: released and not aired, and tomorrow's sessions without anything."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import mine, slots
from broadcaster.station.schema import Occurrence
from broadcaster.station.vocabulary.states import OccurrenceState
from tests.rig.commune import NOW, Commune, approved

pytestmark = pytest.mark.integration
TODAY = date(2026, 11, 21)


def unaired(database: Database, commune: Commune, today: date = TODAY) -> list[str]:
    with database.reading() as s:
        return [each.title for each in mine.unaired(s, commune.officer, today=today, now_at=NOW, most=9)]


def test_a_released_text_waits_until_it_is_aired_or_lies_in_a_slot(database: Database, commune: Commune) -> None:
    aired = approved(database, commune, title="Phát rồi")
    placed = approved(database, commune, title="Trong khung giờ", text="Lời hai.")
    approved(database, commune, title="Còn chờ", text="Lời ba.")
    approved(database, commune, title="Bão", text="Bão đến.", broadcast_class="emergency")
    with database.session() as s:
        broadcasts.broadcast_now(s, announcement=aired, by=commune.officer, now_at=NOW)
        rule = {"weekdays": list(range(7)), "times": ["17:00"]}
        slot = slots.add_slot(s, name="Chiều", rule=rule, zones=["con-minh"], by=commune.officer, now_at=NOW)
        slots.put(s, slot=slot, announcement=placed, first_on=TODAY, last_on=TODAY, by=commune.officer, now_at=NOW)
    assert unaired(database, commune) == ["Còn chờ"]
    assert set(unaired(database, commune, TODAY + timedelta(days=1))) == {"Còn chờ", "Trong khung giờ"}


def test_what_somebody_else_wrote_is_not_mine(database: Database, commune: Commune) -> None:
    approved(database, commune)
    with database.reading() as s:
        assert mine.unaired(s, commune.hamlet_head, today=TODAY, now_at=NOW, most=9) == []


def test_tomorrows_sessions_without_a_released_text_are_empty(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    with database.session() as s:
        rule = {"weekdays": list(range(7)), "times": ["05:00"]}
        full, empty = (
            slots.add_slot(s, name=name, rule=rule, zones=["con-minh"], by=commune.officer, now_at=NOW)
            for name in ("Sáng", "Trống")
        )
        slots.put(s, slot=full, announcement=made, first_on=TODAY, by=commune.officer, now_at=NOW)
        for slot in (full, empty):
            for hours in (-5, 19):
                at = NOW + timedelta(hours=hours)
                s.add(Occurrence(slot_id=slot.id, start_at=at, state=OccurrenceState.PLANNED))
    with database.reading() as s:
        found = mine.empty_sessions(s, TODAY + timedelta(days=1), timezone=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert [(each.slot.name, each.start_at) for each in found] == [("Trống", NOW + timedelta(hours=19))]
