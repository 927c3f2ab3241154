"""Recurring places in the week, and filling their dates."""

from datetime import date, timedelta
from typing import Any

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.schema import Announcement, Broadcast, Delivery, Occurrence, Slot
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, write

pytestmark = pytest.mark.integration
EVERY_DAY = {"weekdays": list(range(7)), "times": ["17:00"]}
START = NOW + timedelta(hours=7)
"""17:00 in Vietnam."""
TODAY = date(2026, 11, 21)


def add(database: Database, commune: Commune, **slot: Any) -> Slot:
    words = {"name": "Chiều", "rule": EVERY_DAY, "zones": ["con-minh"]} | slot
    with database.session() as s:
        return slots.add_slot(s, by=commune.officer, now_at=NOW, **words)


def put(database: Database, commune: Commune, slot: Slot, announcement: Announcement) -> str:
    with database.session() as s:
        item = slots.put(
            s,
            slot=slots.get(s, slot.id),
            announcement=announcements.get(s, announcement.id),
            first_on=TODAY,
            by=commune.officer,
            now_at=NOW,
        )
        return item.id


def date_of(database: Database, slot: Slot) -> Occurrence:
    with database.session() as s:
        made = Occurrence(slot_id=slot.id, start_at=START, state=OccurrenceState.PLANNED)
        s.add(made)
    return made


def freeze(database: Database, occurrence: Occurrence, after: timedelta = timedelta()) -> list[Broadcast]:
    with database.session() as s:
        return freeze_occurrence(s, occurrence=occurrence, now_at=NOW + after, worker="một")


def state(database: Database, occurrence: Occurrence) -> tuple[OccurrenceState, str]:
    """The state, and code and facts of the reason."""
    with database.reading() as s:
        found = s.get_one(Occurrence, occurrence.id)
        return found.state, str(found.reason or "")


@pytest.mark.parametrize(
    ("slot", "field"),
    [
        ({"name": ""}, "name"),
        ({"rule": EVERY_DAY | {"times": []}}, "times"),
        ({"rule": EVERY_DAY | {"times": ["25:00"]}}, "times"),
        ({"rule": EVERY_DAY | {"weekdays": []}}, "weekdays"),
        ({"rule": EVERY_DAY | {"weekdays": [7]}}, "weekdays"),
        ({"rule": EVERY_DAY | {"first_on": "21/11/2026"}}, "first_on"),
        ({"timezone": "Asia/Sai_Gon_Moi"}, "timezone"),
        ({"zones": ["đâu đó"]}, "zones"),
        ({"cap_minutes": 0}, "cap_minutes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_slot_is_refused_by_field(database: Database, commune: Commune, slot: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        add(database, commune, **slot)
    assert error.value.field == field


def test_a_hamlet_head_has_no_say_over_the_communes_slots(database: Database, commune: Commune) -> None:
    with pytest.raises(NotAllowed), database.session() as s:
        slots.add_slot(s, name="X", rule=EVERY_DAY, zones=["con-minh"], by=commune.hamlet_head, now_at=NOW)


def test_an_item_is_there_from_its_first_day_to_its_last(database: Database, commune: Commune) -> None:
    slot, announcement = add(database, commune), write(database, commune.officer)
    with database.session() as s:
        slots.put(
            s,
            slot=slots.get(s, slot.id),
            announcement=announcement,
            first_on=TODAY,
            last_on=TODAY + timedelta(days=1),
            by=commune.officer,
            now_at=NOW,
        )
    with database.reading() as s:
        there = [len(slots.items_on(s, slot, TODAY + timedelta(days=day))) for day in (-1, 0, 1, 2)]
    assert there == [0, 1, 1, 0]


def test_a_programme_plays_back_to_back_priority_first(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    routine = approved(database, commune, text="Một.", title="Một")
    urgent = approved(database, commune, text="Hai.", title="Hai", broadcast_class="priority")
    for announcement in (routine, urgent):
        put(database, commune, slot, announcement)
    frozen = freeze(database, date_of(database, slot))
    assert [each.title for each in frozen] == ["Hai", "Một"]
    assert frozen[0].start_at == START
    assert frozen[1].start_at == START + timedelta(milliseconds=CLIP_MS, seconds=2)
    assert not frozen[0].live


def test_freezing_again_changes_nothing(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    put(database, commune, slot, approved(database, commune))
    occurrence = date_of(database, slot)
    ids = [[each.id for each in freeze(database, occurrence)] for _ in range(3)]
    assert ids[0] == ids[1] == ids[2]
    assert state(database, occurrence)[0] is OccurrenceState.FROZEN


def test_what_is_not_approved_stays_out_and_is_named(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    put(database, commune, slot, write(database, commune.officer, title="Chưa xong"))
    occurrence = date_of(database, slot)
    assert freeze(database, occurrence) == []
    assert state(database, occurrence) == (
        OccurrenceState.EMPTY,
        "programme.left_out why=[(programme.not_approved title='Chưa xong')]",
    )


def test_what_does_not_fit_the_cap_is_left_out_whole_and_named(database: Database, commune: Commune) -> None:
    slot = add(database, commune, cap_minutes=1)
    for number in range(4):
        put(database, commune, slot, approved(database, commune, text=f"Bài {number}.", title=f"Bài {number}"))
    occurrence = date_of(database, slot)
    assert [each.title for each in freeze(database, occurrence)] == ["Bài 0", "Bài 1"]
    assert "(programme.no_room title='Bài 3')" in state(database, occurrence)[1]


def test_an_announcement_sounds_only_in_its_own_zones(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    put(database, commune, slot, approved(database, commune, zones=("lung-pang",)))
    frozen = freeze(database, date_of(database, slot))
    assert [each.node_id for each in frozen[0].deliveries] == ["lung-pang"]


def test_taking_an_item_out_cancels_it_and_moves_up_the_rest_under_their_ids(
    database: Database, commune: Commune
) -> None:
    slot = add(database, commune)
    first = put(database, commune, slot, approved(database, commune, text="Một.", title="Một"))
    put(database, commune, slot, approved(database, commune, text="Hai.", title="Hai"))
    occurrence = date_of(database, slot)
    one, two = freeze(database, occurrence)
    with database.session() as s:
        slots.take_out(s, item=slots.get_item(s, first), by=commune.officer, now_at=NOW)
    again = freeze(database, occurrence)
    assert [(each.id, each.start_at) for each in again] == [(two.id, START)]
    with database.reading() as s:
        assert broadcasts.get(s, one.id).state is BroadcastState.CANCELLED


def test_a_new_node_joins_and_a_revoked_one_leaves_a_frozen_due(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    put(database, commune, slot, approved(database, commune))
    occurrence = date_of(database, slot)
    (before,) = freeze(database, occurrence)
    with database.session() as s:
        nodes.add_node(s, name="Loa mới", unit_id="ban-cuon", by=None, now_at=NOW)
        nodes.revoke_node(s, node=nodes.get(s, "lung-pang"), by=None, now_at=NOW)
    (after,) = freeze(database, occurrence)
    assert after.id == before.id
    with database.reading() as s:
        assert s.get_one(Delivery, (after.id, "loa-moi")).state is DeliveryState.PLANNED
        assert s.get_one(Delivery, (after.id, "lung-pang")).state is DeliveryState.CANCELLED


def test_once_begun_nothing_changes_any_more(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    item = put(database, commune, slot, approved(database, commune))
    occurrence = date_of(database, slot)
    (before,) = freeze(database, occurrence)
    with database.session() as s:
        slots.take_out(s, item=slots.get_item(s, item), by=commune.officer, now_at=NOW)
    (after,) = freeze(database, occurrence, after=timedelta(hours=7))
    assert after.id == before.id


def test_a_station_that_was_late_starts_within_the_grace(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    put(database, commune, slot, approved(database, commune))
    (made,) = freeze(database, date_of(database, slot), after=timedelta(hours=7, minutes=4))
    assert made.start_at == NOW + timedelta(hours=7, minutes=4, seconds=1)


def test_beyond_the_grace_the_date_is_missed_with_the_reason(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    put(database, commune, slot, approved(database, commune))
    occurrence = date_of(database, slot)
    assert freeze(database, occurrence, after=timedelta(hours=7, minutes=6)) == []
    assert state(database, occurrence) == (OccurrenceState.MISSED, "occurrence.station_off")


def test_removing_a_slot_cancels_what_is_to_come(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    put(database, commune, slot, approved(database, commune))
    occurrence = date_of(database, slot)
    (made,) = freeze(database, occurrence)
    with database.session() as s:
        slots.remove_slot(s, slot=slots.get(s, slot.id), by=commune.officer, now_at=NOW)
        assert slots.listing(s) == []
    assert state(database, occurrence)[0] is OccurrenceState.CANCELLED
    with database.reading() as s:
        assert broadcasts.get(s, made.id).state is BroadcastState.CANCELLED
    with pytest.raises(Conflict), database.session() as s:
        slots.remove_slot(s, slot=slots.get(s, slot.id), by=commune.officer, now_at=NOW)


def test_a_slot_can_be_changed(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    with database.session() as s:
        slots.edit_slot(
            s, slot=slots.get(s, slot.id), by=commune.officer, now_at=NOW, name="Tối", paused_until_on=TODAY
        )
    with database.reading() as s:
        stored = slots.get(s, slot.id)
        assert (stored.name, stored.paused_until_on, stored.rule["times"]) == ("Tối", TODAY, ["17:00"])
