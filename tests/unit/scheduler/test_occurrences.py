"""The dates of slots: laid out, filled, mended and missed, by a virtual clock."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement, Broadcast, Occurrence, Slot
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from scheduler import occurrences
from tests.rig.commune import NOW, Commune, approved
from tests.rig.setups.remembered import remembered

pytestmark = pytest.mark.integration
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = NOW.astimezone(VIETNAM).date()
SEVENTEEN = datetime(2026, 11, 21, 17, tzinfo=VIETNAM)
EVERY_DAY = {"weekdays": [0, 1, 2, 3, 4, 5, 6], "times": ["17:00"]}


@remembered
def add(database: Database, **more: Any) -> Slot:
    with database.session() as s:
        given = {"name": "Bản tin chiều", "rule": EVERY_DAY, "zones": ["con-minh"], **more}
        return slots.add_slot(s, by=None, now_at=NOW, **given)


@remembered
def put(database: Database, commune: Commune, slot: Slot, announcement: Announcement, **more: Any) -> None:
    with database.session() as s:
        given = {"first_on": TODAY, **more}
        slots.put(s, slot=s.get_one(Slot, slot.id), announcement=announcement, by=commune.officer, now_at=NOW, **given)


@remembered
def plan(database: Database, now_at: datetime = NOW) -> int:
    """What the service does at a tick; how many dates were added, withdrawn or brought back."""
    with database.session() as s:
        changed = occurrences.expand(s, now_at=now_at, horizon=timedelta(hours=48))
    occurrences.freeze_due(database, now_at=now_at, ahead=timedelta(hours=24))
    return changed


def dates(database: Database) -> list[tuple[str, OccurrenceState]]:
    with database.reading() as s:
        found = s.scalars(select(Occurrence).order_by(Occurrence.start_at)).unique()
        return [(f"{each.start_at.astimezone(VIETNAM):%d %H:%M}", each.state) for each in found]


def aired(database: Database, *states: BroadcastState) -> list[tuple[datetime, str]]:
    wanted = states or (BroadcastState.SCHEDULED,)
    with database.reading() as s:
        found = s.scalars(select(Broadcast).where(Broadcast.state.in_(wanted)).order_by(Broadcast.start_at)).unique()
        return [(each.start_at, each.title) for each in found]


def test_every_date_of_the_next_two_days_is_laid_out(database: Database, commune: Commune) -> None:
    add(database, rule={**EVERY_DAY, "times": ["05:00", "17:00"]})
    plan(database)
    assert [when for when, _ in dates(database)] == ["21 17:00", "22 05:00", "22 17:00", "23 05:00"]


def test_laying_out_again_changes_nothing(database: Database, commune: Commune) -> None:
    add(database)
    assert (plan(database), plan(database), plan(database)) == (2, 0, 0)


def test_a_date_without_anything_to_say_is_empty(database: Database, commune: Commune) -> None:
    add(database)
    plan(database)
    assert dates(database) == [("21 17:00", OccurrenceState.EMPTY), ("22 17:00", OccurrenceState.PLANNED)]


def test_what_was_put_into_the_slot_plays_in_order_back_to_back(database: Database, commune: Commune) -> None:
    slot = add(database)
    for title in ("Tiêm phòng", "Thu quỹ"):
        put(database, commune, slot, approved(database, commune, title=title, text=f"{title} ngày mai."))
    plan(database)
    assert aired(database) == [(SEVENTEEN, "Tiêm phòng"), (SEVENTEEN + timedelta(seconds=22), "Thu quỹ")]


def test_planning_again_makes_no_second_broadcast(database: Database, commune: Commune) -> None:
    put(database, commune, add(database), approved(database, commune))
    for _ in range(3):
        plan(database)
    assert len(aired(database)) == 1


def test_an_approval_that_comes_later_fills_the_date_that_was_empty(database: Database, commune: Commune) -> None:
    slot = add(database)
    plan(database)
    put(database, commune, slot, approved(database, commune))
    plan(database)
    assert aired(database) == [(SEVENTEEN, "Tiêm phòng")]


def test_what_is_taken_out_before_its_time_is_cancelled(database: Database, commune: Commune) -> None:
    slot = add(database)
    put(database, commune, slot, approved(database, commune))
    plan(database)
    with database.session() as s:
        slots.take_out(s, item=slots.items(s, slot)[0], by=commune.officer, now_at=NOW)
    plan(database)
    assert aired(database) == []
    assert len(aired(database, BroadcastState.CANCELLED)) == 1


def test_an_edit_voids_the_approval_and_nothing_unapproved_stays_planned(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    put(database, commune, add(database), announcement)
    plan(database)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        announcements.edit(
            s,
            current,
            replace(fields_of(current), text="Hoãn tiêm phòng."),
            revision=current.revision,
            by=commune.officer,
            now_at=NOW,
        )
    plan(database)
    assert aired(database) == []


def test_an_item_plays_on_the_first_and_on_the_last_of_its_days(database: Database, commune: Commune) -> None:
    tomorrow = TODAY + timedelta(days=1)
    put(database, commune, add(database), approved(database, commune), first_on=tomorrow, last_on=tomorrow)
    for day in range(4):
        plan(database, NOW + timedelta(days=day))
    assert aired(database) == [(SEVENTEEN + timedelta(days=1), "Tiêm phòng")]


def test_a_rule_that_changes_withdraws_its_dates_and_their_broadcasts(database: Database, commune: Commune) -> None:
    slot = add(database)
    put(database, commune, slot, approved(database, commune))
    plan(database)
    _edit(database, commune, slot, rule={**EVERY_DAY, "times": ["18:00"]})
    plan(database)
    assert aired(database) == [(SEVENTEEN + timedelta(hours=1), "Tiêm phòng")]
    assert ("21 17:00", OccurrenceState.CANCELLED) in dates(database)


def test_a_pause_withdraws_dates_and_its_end_brings_them_back(database: Database, commune: Commune) -> None:
    slot = add(database)
    put(database, commune, slot, approved(database, commune))
    plan(database)
    _edit(database, commune, slot, paused_until_on=TODAY)
    plan(database)
    assert aired(database) == []
    _edit(database, commune, slot, paused_until_on=None)
    plan(database)
    assert aired(database) == [(SEVENTEEN, "Tiêm phòng")]


def test_a_date_a_person_cancelled_stays_cancelled(database: Database, commune: Commune) -> None:
    add(database)
    plan(database)
    with database.session() as s:
        first = s.scalars(select(Occurrence).order_by(Occurrence.start_at)).unique().first()
        assert first is not None
        slots.cancel_occurrence(s, first, reason=Reason("occurrence.station_off"), by=commune.officer, now_at=NOW)
    plan(database)
    assert dates(database)[0] == ("21 17:00", OccurrenceState.CANCELLED)


def test_a_removed_slot_lays_out_nothing_more(database: Database, commune: Commune) -> None:
    slot = add(database)
    plan(database)
    with database.session() as s:
        slots.remove_slot(s, slot=slots.get(s, slot.id), by=commune.officer, now_at=NOW)
    plan(database, NOW + timedelta(days=1))
    assert {state for _, state in dates(database)} == {OccurrenceState.CANCELLED}


@pytest.mark.parametrize("minutes", [1, 4])
def test_a_station_that_wakes_within_the_grace_still_plays(database: Database, commune: Commune, minutes: int) -> None:
    put(database, commune, add(database), approved(database, commune))
    with database.session() as s:
        occurrences.expand(s, now_at=NOW, horizon=timedelta(hours=48))
    plan(database, SEVENTEEN + timedelta(minutes=minutes))
    assert aired(database)[0] == (SEVENTEEN + timedelta(minutes=minutes, seconds=1), "Tiêm phòng")


def test_a_station_that_wakes_too_late_notes_what_it_missed(database: Database, commune: Commune) -> None:
    put(database, commune, add(database), approved(database, commune))
    with database.session() as s:
        occurrences.expand(s, now_at=NOW, horizon=timedelta(hours=48))
    plan(database, SEVENTEEN + timedelta(minutes=6))
    assert dates(database)[0] == ("21 17:00", OccurrenceState.MISSED)
    with database.reading() as s:
        assert s.scalars(select(Occurrence.reason).order_by(Occurrence.start_at)).first()


def test_a_week_without_the_station_is_noted_as_missed_day_by_day(database: Database, commune: Commune) -> None:
    put(database, commune, add(database), approved(database, commune))
    with database.session() as s:
        occurrences.expand(s, now_at=NOW, horizon=timedelta(hours=48))
    plan(database, NOW + timedelta(days=7))
    missed = [when for when, state in dates(database) if state is OccurrenceState.MISSED]
    assert missed == [f"{day} 17:00" for day in range(21, 28)]


def test_what_has_begun_is_not_judged_again(database: Database, commune: Commune) -> None:
    put(database, commune, add(database), approved(database, commune))
    plan(database)
    plan(database, SEVENTEEN + timedelta(minutes=30))
    assert dates(database)[0] == ("21 17:00", OccurrenceState.FROZEN)
    assert aired(database)[0] == (SEVENTEEN, "Tiêm phòng")


def test_an_empty_date_that_has_passed_was_not_missed(database: Database, commune: Commune) -> None:
    add(database)
    plan(database)
    plan(database, SEVENTEEN + timedelta(minutes=30))
    assert dates(database)[0] == ("21 17:00", OccurrenceState.EMPTY)


def test_a_clock_that_says_1970_plans_nothing_and_spoils_nothing(database: Database, commune: Commune) -> None:
    put(database, commune, add(database), approved(database, commune))
    plan(database)
    before = dates(database), aired(database)
    plan(database, datetime(1970, 1, 1, tzinfo=VIETNAM))
    assert (dates(database), aired(database)) == before
    plan(database)
    assert (dates(database), aired(database)) == before


@pytest.mark.parametrize("step", [-600, -30, 30, 600])
def test_a_clock_that_is_set_doubles_and_loses_nothing(database: Database, commune: Commune, step: int) -> None:
    put(database, commune, add(database), approved(database, commune))
    for minute in range(0, 40, 5):
        at = SEVENTEEN - timedelta(minutes=20) + timedelta(minutes=minute)
        plan(database, at + (timedelta(seconds=step) if minute >= 15 else timedelta()))
    assert [when for when, _ in aired(database)] == [SEVENTEEN, SEVENTEEN + timedelta(days=1)]


def test_weeks_go_by_in_a_moment_and_every_day_has_its_one_broadcast(database: Database, commune: Commune) -> None:
    rule = {"weekdays": [0, 1, 2, 3, 4, 5], "times": ["05:00", "17:00"]}
    put(database, commune, add(database, rule=rule), approved(database, commune), first_on=date(2026, 11, 1))
    for half_day in range(14):
        plan(database, NOW + timedelta(hours=12 * half_day))
    titles = [f"{at.astimezone(VIETNAM):%a %d %H}" for at, _ in aired(database) if at < NOW + timedelta(days=7)]
    assert len(titles) == len(set(titles)) == 12
    assert not any(each.startswith("Sun") for each in titles)


def _edit(database: Database, commune: Commune, slot: Slot, **changed: Any) -> None:
    with database.session() as s:
        slots.edit_slot(s, slot=slots.get(s, slot.id), by=commune.officer, now_at=NOW, **changed)


def test_a_slot_with_an_hour_of_its_own_is_put_together_then_and_kept_up_to_date_after(
    database: Database, commune: Commune
) -> None:
    late, early = (
        add(database, name=name, assemble_minutes=minutes) for name, minutes in (("Muộn", 60), ("Sớm", 2880))
    )
    first, second = (approved(database, commune, title=title) for title in ("Một", "Hai"))
    for slot in (late, early):
        put(database, commune, slot, first)
    plan(database)
    assert [state for _when, state in dates(database)].count(OccurrenceState.FROZEN) == 2
    almost_at = SEVENTEEN - timedelta(minutes=61)
    plan(database, almost_at)
    assert [title for start_at, title in aired(database) if start_at == SEVENTEEN] == ["Một"]
    plan(database, almost_at + timedelta(minutes=1))
    assert [title for start_at, title in aired(database) if start_at == SEVENTEEN] == ["Một", "Một"]
    with database.session() as s:
        slots.edit_slot(s, slot=s.get_one(Slot, late.id), by=commune.officer, now_at=almost_at, assemble_minutes=10)
    put(database, commune, late, second)
    plan(database, almost_at + timedelta(minutes=2))
    assert "Hai" in [title for _start_at, title in aired(database)]


@pytest.mark.parametrize("minutes", [9, 2881])
def test_a_programme_is_put_together_ten_minutes_to_two_days_before(
    database: Database, commune: Commune, minutes: int
) -> None:
    with pytest.raises(Invalid, match=r"slot\.minutes_out_of_range least=10 most=2880"):
        add(database, assemble_minutes=minutes)
