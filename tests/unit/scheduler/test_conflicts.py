"""Slots in each other's way, and the two ways out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Slot
from scheduler import conflicts
from scheduler.occurrences import recurrence_of
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def add(database: Database, name: str, *times: str, **more: Any) -> Slot:
    zones = more.pop("zones", ["con-minh"])
    cap_minutes = more.pop("cap_minutes", 30)
    rule = {"weekdays": list(range(7)), "times": list(times), **more}
    with database.session() as s:
        return slots.add_slot(s, name=name, rule=rule, zones=zones, cap_minutes=cap_minutes, by=None, now_at=NOW)


def found(database: Database, slot: Slot) -> list[tuple[str, int]]:
    with database.reading() as s:
        draft = conflicts.draft_of(slots.get(s, slot.id))
        return [(each.other.name, len(each.clashes)) for each in conflicts.conflicts(s, draft, now_at=NOW)]


def times(database: Database, slot: Slot, days: int = 3) -> list[str]:
    with database.reading() as s:
        starts = recurrence_of(slots.get(s, slot.id)).starts(from_at=NOW, until_at=NOW + timedelta(days=days))
        return [f"{(each + timedelta(hours=7)).replace(tzinfo=UTC):%d %H:%M}" for each in starts]


def resolve(database: Database, commune: Commune, remedy: Any, slot: Slot, other: Slot) -> None:
    with database.session() as s:
        remedy(s, slot=slots.get(s, slot.id), other=slots.get(s, other.id), by=commune.officer, now_at=NOW)


def test_slots_conflict_on_the_nodes_and_dates_they_share(database: Database, commune: Commune) -> None:
    add(database, "Chiều", "17:00")
    add(database, "Sáng", "05:00")
    add(database, "Chiều Lủng Pảng", "17:10", zones=["lung-pang"])
    holiday = add(database, "Lễ", "16:45", first_on="2026-11-23", last_on="2026-11-24", zones=["ban-cuon"])
    assert found(database, holiday) == [("Chiều", 2)]


def test_slots_on_either_side_of_midnight_meet_too(database: Database, commune: Commune) -> None:
    late = add(database, "Khuya", "23:50")
    early = add(database, "Nửa đêm", "00:05", "12:00")
    assert [name for name, _times in found(database, late)] == ["Nửa đêm"]
    assert [name for name, _times in found(database, early)] == ["Khuya"]


def test_single_dates_with_times_of_their_own_meet_too(database: Database, commune: Commune) -> None:
    noon = add(database, "Trưa", "12:00")
    moved = add(database, "Chiều", "17:00", times_on={"2026-11-25": ["12:10"]})
    assert found(database, noon) == [("Chiều", 1)]
    assert found(database, moved) == [("Trưa", 1)]


def test_a_new_slot_is_judged_before_it_is_saved(database: Database, commune: Commune) -> None:
    chieu = add(database, "Chiều", "17:00", weekdays=[5])
    with database.reading() as s:
        rule = {"kind": "monthly", "days": [28], "times": ["17:29"]}
        draft = conflicts.ProposedSlot(rule=rule, zones=tuple(chieu.zones), timezone="Asia/Ho_Chi_Minh", cap_minutes=5)
        [met] = conflicts.conflicts(s, draft, now_at=NOW)
    assert met.clashes[0].mine.start_at == datetime(2026, 11, 28, 10, 29, tzinfo=UTC)
    assert met.clashes[0].nodes == {"ban-cuon", "lung-pang"}


def test_overriding_leaves_the_other_out_on_the_shared_dates_only(database: Database, commune: Commune) -> None:
    daily = add(database, "Hằng ngày", "05:00", "17:00")
    special = add(database, "Chuyên đề", "17:15", first_on="2026-11-22", last_on="2026-11-22")
    resolve(database, commune, conflicts.override, special, daily)
    assert times(database, daily) == ["21 17:00", "22 05:00", "23 05:00", "23 17:00", "24 05:00"]
    assert found(database, special) == []


def test_overriding_a_slot_with_one_time_takes_the_whole_date_out(database: Database, commune: Commune) -> None:
    daily = add(database, "Hằng ngày", "17:00")
    special = add(database, "Chuyên đề", "17:00", first_on="2026-11-22", last_on="2026-11-22")
    resolve(database, commune, conflicts.override, special, daily)
    assert times(database, daily) == ["21 17:00", "23 17:00"]


def test_putting_behind_moves_this_slot_to_the_minute_the_other_ends(database: Database, commune: Commune) -> None:
    daily = add(database, "Hằng ngày", "17:00", cap_minutes=30)
    mine = add(database, "Thôn", "05:00", "17:10", zones=["lung-pang"])
    resolve(database, commune, conflicts.put_behind, mine, daily)
    assert times(database, mine, days=1) == ["21 17:30", "22 05:00"]
    assert found(database, mine) == []


def test_there_must_be_room_before_midnight(database: Database, commune: Commune) -> None:
    late = add(database, "Khuya", "23:30", cap_minutes=45)
    mine = add(database, "Thôn", "23:40")
    with pytest.raises(Invalid, match=r"conflict\.no_room_after"):
        resolve(database, commune, conflicts.put_behind, mine, late)


def test_slots_that_do_not_meet_have_nothing_to_resolve(database: Database, commune: Commune) -> None:
    first, second = add(database, "Sáng", "05:00"), add(database, "Chiều", "17:00")
    for remedy in (conflicts.override, conflicts.put_behind):
        with pytest.raises(Conflict, match=r"conflict\.gone"):
            resolve(database, commune, remedy, first, second)


def test_who_may_not_schedule_may_not_resolve(database: Database, commune: Commune) -> None:
    first, second = add(database, "Một", "17:00"), add(database, "Hai", "17:00")
    with pytest.raises(NotAllowed), database.session() as s:
        conflicts.override(s, slot=slots.get(s, first.id), other=slots.get(s, second.id), by=commune.viewer, now_at=NOW)
