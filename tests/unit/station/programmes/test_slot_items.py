"""The order of what is in a slot."""

import pytest

from broadcaster.errors import Invalid
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.schema import Occurrence
from broadcaster.station.vocabulary.states import OccurrenceState
from tests.rig.commune import NOW, Commune, approved
from tests.unit.station.programmes.test_slots import START, TODAY, add

pytestmark = pytest.mark.integration


def test_of_two_priority_announcements_the_officer_says_which_goes_first(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    kinds = {"Thường": "routine", "Ưu tiên một": "priority", "Ưu tiên hai": "priority"}
    made = [
        approved(database, commune, title=title, text=f"{title}.", broadcast_class=kind)
        for title, kind in kinds.items()
    ]
    with database.session() as s:
        put = [
            slots.put(s, slot=slots.get(s, slot.id), announcement=each, first_on=TODAY, by=commune.officer, now_at=NOW)
            for each in made
        ]
    with database.session() as s:
        order = [put[0].id, put[2].id, put[1].id]
        slots.reorder(s, slot=slots.get(s, slot.id), item_ids=order, by=commune.officer, now_at=NOW)
    with database.session() as s:
        date = Occurrence(slot_id=slot.id, start_at=START, state=OccurrenceState.PLANNED)
        s.add(date)
        s.flush()
        aired = freeze_occurrence(s, occurrence=date, now_at=NOW)
    assert [each.title for each in aired] == ["Ưu tiên hai", "Ưu tiên một", "Thường"]


def test_an_order_names_every_announcement_once(database: Database, commune: Commune) -> None:
    slot = add(database, commune)
    with pytest.raises(Invalid) as caught, database.session() as s:
        slots.reorder(s, slot=slots.get(s, slot.id), item_ids=["khong-co"], by=commune.officer, now_at=NOW)
    assert caught.value.field == "items"
