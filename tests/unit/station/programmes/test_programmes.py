"""What stands around the announcements of a slot: greeting, closing, and dates without announcements."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from broadcaster.errors import LoaError
from broadcaster.protocol.values import BroadcastClass
from broadcaster.rendering import Cancelled, ClipPlan, Progress, RenderedClip
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.clips import station_clips
from broadcaster.station.clips.content import content_hash
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import greetings, slots
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.schema import Announcement, Broadcast, BroadcastPart, Delivery, Occurrence, Slot
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from broadcaster.station_clip_production import make_station_clip
from tests.rig.commune import NOW, Commune, approved, rendered
from tests.rig.setups.remembered import remembered

EVERY_DAY = {"weekdays": list(range(7)), "times": ["17:00"]}
START = NOW + timedelta(hours=7)
"""17:00 in Vietnam."""
TODAY = date(2026, 11, 21)
GREETING, CLOSING = "Lời chào đầu chương trình", "Lời kết chương trình"
WORDS_MS = 12_000


@dataclass
class Maker:
    """Says anything in twelve seconds, or fails."""

    plans: list[ClipPlan]
    error: LoaError | None = None

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip:
        if self.error:
            raise self.error
        self.plans.append(plan)
        return rendered(plan.script.text, duration_ms=WORDS_MS)


def make(database: Database, maker: Maker | None = None) -> Maker:
    maker = maker or Maker([])
    while make_station_clip(database, maker, worker="test", clock=lambda: NOW):
        pass
    return maker


@remembered
def slot_of(database: Database, commune: Commune, *items: Announcement, **more: object) -> str:
    """A slot with these in it and one date today; the id of that date."""
    given = {"name": "Chiều", "rule": EVERY_DAY, "zones": ["con-minh"], "greeting": True, **more}
    with database.session() as s:
        slot = slots.add_slot(s, by=None, now_at=NOW, **given)  # type: ignore[arg-type]
        for each in items:
            slots.put(s, slot=slot, announcement=each, first_on=TODAY, by=commune.officer, now_at=NOW)
        occurrence = Occurrence(slot_id=slot.id, start_at=START, state=OccurrenceState.PLANNED)
        s.add(occurrence)
        s.flush()
        return occurrence.id


def fill(database: Database, occurrence_id: str) -> list[Broadcast]:
    with database.session() as s:
        return freeze_occurrence(s, occurrence=s.get_one(Occurrence, occurrence_id), now_at=NOW)


def test_a_database_that_forgot_a_broadcast_gives_it_the_same_id_again(database: Database, commune: Commune) -> None:
    date_id = slot_of(database, commune, approved(database, commune), greeting=False)
    [before] = fill(database, date_id)
    with database.session() as s:
        s.execute(delete(Delivery))
        s.execute(delete(BroadcastPart))
        s.execute(delete(Broadcast))
    [after] = fill(database, date_id)
    assert after.id == before.id


def test_what_was_called_off_and_put_in_again_is_another_broadcast(database: Database, commune: Commune) -> None:
    date_id = slot_of(database, commune, approved(database, commune), greeting=False)
    [before] = fill(database, date_id)
    with database.session() as s:
        cancel_one(s, s.get_one(Broadcast, before.id), by=None, now_at=NOW)
    [after] = fill(database, date_id)
    assert after.id != before.id


def plays(aired: list[Broadcast]) -> list[tuple[str, float]]:
    return [(each.title, (each.start_at - START).total_seconds()) for each in aired]


def reason(database: Database, occurrence_id: str) -> str:
    """Code and facts."""
    with database.reading() as s:
        return str(s.get_one(Occurrence, occurrence_id).reason or "")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-21", "thứ Bảy, ngày 21 tháng 11 năm 2026, tức ngày 13 tháng 10 năm Bính Ngọ"),
        ("2026-02-17", "thứ Ba, ngày 17 tháng 2 năm 2026, tức ngày mùng 1 tháng Giêng năm Bính Ngọ"),
        ("2026-02-16", "thứ Hai, ngày 16 tháng 2 năm 2026, tức ngày 29 tháng Chạp năm Ất Tỵ"),
        ("2026-09-25", "thứ Sáu, ngày 25 tháng 9 năm 2026, tức ngày rằm tháng 8 năm Bính Ngọ"),
        ("2025-07-26", "thứ Bảy, ngày 26 tháng 7 năm 2025, tức ngày mùng 2 tháng 6 nhuận năm Ất Tỵ"),
    ],
)
def test_the_greeting_says_the_date_in_both_calendars(day: str, words: str) -> None:
    said = greetings.greeting(date.fromisoformat(day), "Côn Minh")
    assert said.startswith("Đây là Đài truyền thanh xã Côn Minh.")
    assert words in said


def test_the_greeting_is_read_without_a_digit_left(database: Database) -> None:
    with database.reading() as s:
        plan = station_clips.plan(s, station_clips.StationWords(greetings.greeting(TODAY, "Côn Minh"), "routine"))
    assert "hai mươi mốt tháng mười một năm hai nghìn không trăm hai mươi sáu" in plan.script.text.lower()
    assert not any(each.isdigit() for each in plan.script.text)


def test_a_programme_is_greeting_announcements_in_order_and_closing(database: Database, commune: Commune) -> None:
    items = [approved(database, commune, title=each, text=f"{each} ngày mai.") for each in ("Tiêm phòng", "Thu quỹ")]
    date_id = slot_of(database, commune, *items, closing=True)
    fill(database, date_id)
    make(database)
    aired = fill(database, date_id)
    assert plays(aired) == [(GREETING, 0), ("Tiêm phòng", 14), ("Thu quỹ", 36), (CLOSING, 58)]
    assert {each.announcement_id is None for each in (aired[0], aired[-1])} == {True}
    assert {each.node_id for each in aired[0].deliveries} == {"ban-cuon", "lung-pang"}


def test_a_greeting_not_yet_made_holds_nothing_up_and_moves_no_id(database: Database, commune: Commune) -> None:
    date_id = slot_of(database, commune, approved(database, commune))
    [before] = fill(database, date_id)
    assert (before.start_at, "programme.frame_being_made" in reason(database, date_id)) == (START, True)
    make(database)
    greeting, after = fill(database, date_id)
    assert (greeting.title, after.id, after.start_at) == (GREETING, before.id, START + timedelta(seconds=14))
    assert [each.id for each in fill(database, date_id)] == [greeting.id, after.id]
    assert reason(database, date_id) == ""


def test_the_greeting_of_a_day_is_made_once_for_all_slots(database: Database, commune: Commune) -> None:
    announcement = approved(database, commune)
    for name in ("Chiều", "Tối"):
        fill(database, slot_of(database, commune, announcement, name=name))
    assert len(make(database).plans) == 1


def test_hamlets_without_an_announcement_hear_no_greeting(database: Database, commune: Commune) -> None:
    date_id = slot_of(database, commune, approved(database, commune, zones=("lung-pang",)))
    fill(database, date_id)
    make(database)
    assert [[each.node_id for each in each_broadcast.deliveries] for each_broadcast in fill(database, date_id)] == [
        ["lung-pang"]
    ] * 2


@pytest.mark.parametrize(("alone", "expected"), [(False, []), (True, [(GREETING, 0)])])
def test_a_date_without_announcements_is_skipped_or_greeted(
    database: Database, commune: Commune, alone: bool, expected: list[tuple[str, float]]
) -> None:
    date_id = slot_of(database, commune, closing=True, greet_when_empty=alone)
    fill(database, date_id)
    make(database)
    assert plays(fill(database, date_id)) == expected


def test_greeting_and_closing_count_towards_the_cap_and_what_does_not_fit_is_told(
    database: Database, commune: Commune
) -> None:
    items = [approved(database, commune, title=each, text=f"{each} ngày mai.") for each in ("Một", "Hai")]
    date_id = slot_of(database, commune, *items, closing=True, cap_minutes=1)
    fill(database, date_id)
    make(database)
    assert plays(fill(database, date_id)) == [(GREETING, 0), ("Một", 14), (CLOSING, 36)]
    assert "(programme.no_room title='Hai')" in reason(database, date_id)


def test_turning_the_greeting_off_takes_it_away(database: Database, commune: Commune) -> None:
    date_id = slot_of(database, commune, approved(database, commune))
    fill(database, date_id)
    make(database)
    greeting, _ = fill(database, date_id)
    with database.session() as s:
        slot = s.get_one(Slot, s.get_one(Occurrence, date_id).slot_id)
        slots.edit_slot(s, slot=slot, by=commune.officer, now_at=NOW, greeting=False)
    assert plays(fill(database, date_id)) == [("Tiêm phòng", 0)]
    with database.reading() as s:
        assert s.get_one(Broadcast, greeting.id).state is BroadcastState.CANCELLED


def test_a_greeting_that_cannot_be_made_is_tried_again_later(database: Database, commune: Commune) -> None:
    fill(database, slot_of(database, commune, approved(database, commune)))
    make(database, Maker([], error=LoaError("speech.no_engine")))
    with database.reading() as s:
        assert not station_clips.QUEUE.waiting(s, now_at=NOW)
        assert station_clips.QUEUE.waiting(s, now_at=NOW + timedelta(minutes=6))


def test_nothing_of_a_session_may_sound_later_than_its_cap_and_grace_whatever_delays_a_node(
    database: Database, commune: Commune
) -> None:
    announcements = [
        approved(database, commune, title=name, text=f"Tin {name}.") for name in ("một", "hai", "ba", "bốn")
    ]
    aired = fill(database, slot_of(database, commune, *announcements, greeting=False, cap_minutes=1))
    assert len(aired) == 2, "20 seconds each, and a pause"
    assert max(each.expires_at for each in aired) <= START + timedelta(minutes=1 + 5)


def test_what_became_an_emergency_is_left_out_and_named(database: Database, commune: Commune) -> None:
    notice = approved(database, commune, title="Mưa lũ")
    occurrence = slot_of(database, commune, notice, greeting=False)
    with database.session() as s:
        sealed = s.get_one(Announcement, notice.id)
        sealed.broadcast_class = BroadcastClass.EMERGENCY
        sealed.content_hash = content_hash(sealed)
    assert fill(database, occurrence) == []
    assert "(programme.emergency title='Mưa lũ')" in reason(database, occurrence)
