"""One date of a slot is left out, moved, or put back; or all of them move with it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from broadcaster.errors import Conflict, Invalid, LoaError, NotAllowed
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.schema import AuditEntry, Slot
from scheduler import single_dates
from tests.rig.commune import NOW, Commune
from tests.unit.scheduler.test_conflicts import add, times

pytestmark = pytest.mark.integration


def at(text: str) -> datetime:
    """``25 17:00`` of November 2026, in the commune."""
    return datetime.strptime(f"2026-11-{text} +0700", "%Y-%m-%d %H:%M %z").astimezone(UTC)


def move(database: Database, commune: Commune, slot: Slot, start: str, to: str, **more: Any) -> None:
    with database.session() as s:
        found = slots.get(s, slot.id)
        by = more.pop("by", commune.officer)
        single_dates.move(s, slot=found, start_at=at(start), to_at=at(to), by=by, now_at=NOW, **more)


def leave_out(database: Database, commune: Commune, slot: Slot, start: str) -> None:
    with database.session() as s:
        single_dates.leave_out(s, slot=slots.get(s, slot.id), start_at=at(start), by=commune.officer, now_at=NOW)


def test_one_of_two_times_of_a_date_is_left_out_then_the_other_then_both_come_back(
    database: Database, commune: Commune
) -> None:
    slot = add(database, "Hai buổi", "05:00", "17:00")
    usual = times(database, slot)
    leave_out(database, commune, slot, "22 05:00")
    assert times(database, slot) == [each for each in usual if each != "22 05:00"]
    leave_out(database, commune, slot, "22 17:00")
    assert not [each for each in times(database, slot) if each.startswith("22")]
    with database.session() as s:
        found = slots.get(s, slot.id)
        single_dates.restore(s, slot=found, day=date(2026, 11, 22), by=commune.officer, now_at=NOW)
    assert times(database, slot) == usual
    with database.reading() as s:
        actions = [entry.action for entry in s.query(AuditEntry).order_by(AuditEntry.number)]
    assert [each for each in actions if each.startswith("slot.date")] == [
        "slot.date_left_out",
        "slot.date_left_out",
        "slot.date_restored",
    ]


def test_one_date_moves_to_another_hour_or_day_and_the_rest_stay(database: Database, commune: Commune) -> None:
    slot = add(database, "Chiều", "17:00")
    move(database, commune, slot, "22 17:00", "22 18:30")
    move(database, commune, slot, "23 17:00", "24 06:00")
    assert times(database, slot, days=4) == ["21 17:00", "22 18:30", "24 06:00", "24 17:00"]


def test_a_moved_date_moves_again_and_home(database: Database, commune: Commune) -> None:
    slot = add(database, "Chiều", "17:00")
    usual = times(database, slot)
    move(database, commune, slot, "22 17:00", "23 06:00")
    move(database, commune, slot, "23 06:00", "22 17:00")
    assert times(database, slot) == usual


def test_every_week_moves_to_another_weekday_and_hour(database: Database, commune: Commune) -> None:
    slot = add(database, "Thứ Hai", "17:00", weekdays=[0])
    move(database, commune, slot, "23 17:00", "25 18:00", every=True)
    assert times(database, slot, days=14) == ["25 18:00", "02 18:00"]


@pytest.mark.parametrize(
    ("start", "to", "more", "sentence"),
    [
        ("22 07:00", "22 18:00", {}, r"occurrence\.gone"),
        ("20 17:00", "22 18:00", {}, r"occurrence\.begun"),
        ("22 17:00", "20 17:00", {}, r"occurrence\.new_time_past"),
        ("22 17:00", "22 17:00", {}, r"occurrence\.new_time_same"),
        ("22 17:00", "23 17:00", {}, r"slot\.plays_then_on"),
        ("22 17:00", "23 18:00", {"every": True}, r"slot\.plays_that_weekday"),
        ("22 17:00", "22 05:00", {"every": True}, r"slot\.plays_then"),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_words(
    database: Database, commune: Commune, start: str, to: str, more: dict[str, Any], sentence: str
) -> None:
    slot = add(database, "Hai buổi", "05:00", "17:00")
    with pytest.raises(LoaError, match=sentence):
        move(database, commune, slot, start, to, **more)


def test_a_date_on_its_own_and_a_lunar_slot_cannot_move_every_week(database: Database, commune: Commune) -> None:
    own = add(database, "Riêng", "17:00", weekdays=[0], times_on={"2026-11-25": ["07:00"]})
    with pytest.raises(Conflict, match=r"slot\.single_day"):
        move(database, commune, own, "25 07:00", "26 07:00", every=True)
    with pytest.raises(Conflict, match=r"slot\.time_of_this_day_only"):
        move(database, commune, own, "25 07:00", "25 08:00", every=True)
    rule = {"kind": "lunar_monthly", "days": [15], "times": ["17:00"]}
    with database.session() as s:
        lunar = slots.add_slot(s, name="Rằm", rule=rule, zones=["con-minh"], by=None, now_at=NOW)
    with pytest.raises(Conflict, match=r"slot\.not_weekly"):
        move(database, commune, lunar, "23 17:00", "24 17:00", every=True)


def test_nothing_moves_into_a_pause_and_nobody_moves_it_who_may_not_schedule(
    database: Database, commune: Commune
) -> None:
    slot = add(database, "Chiều", "17:00")
    with pytest.raises(NotAllowed):
        move(database, commune, slot, "22 17:00", "22 18:00", by=commune.viewer)
    with database.session() as s:
        until_on = (NOW + timedelta(days=3)).date()
        slots.edit_slot(s, slot=slots.get(s, slot.id), by=commune.officer, now_at=NOW, paused_until_on=until_on)
    with pytest.raises(Conflict, match=r"occurrence\.slot_paused"):
        move(database, commune, slot, "27 17:00", "23 17:00")
    with pytest.raises(Invalid):
        move(database, commune, slot, "27 17:00", "27 17:00")
