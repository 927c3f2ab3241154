"""What somebody has not saved yet is kept, for that person alone, and not for ever."""

from datetime import timedelta

import pytest

from broadcaster.errors import Invalid
from broadcaster.station.announcements import autosaves
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Person
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def keep(database: Database, by: Person, key: str = "new-1", text: str = "Đang viết", after: int = 0) -> None:
    with database.session() as s:
        at = NOW + timedelta(seconds=after)
        autosaves.keep(s, key=key, content={"text": text}, by=by, now_at=at)


def test_the_newest_state_of_each_is_found_by_its_writer_alone(database: Database, commune: Commune) -> None:
    keep(database, commune.officer)
    keep(database, commune.officer, text="Viết thêm", after=1)
    keep(database, commune.officer, "new-2", after=2)
    keep(database, commune.officer, "f00", after=3)
    with database.reading() as s:
        found = autosaves.find(s, "new-1", by=commune.officer)
        assert found is not None
        assert found.content == {"text": "Viết thêm"}
        assert autosaves.find(s, "new-1", by=commune.approver) is None
        assert [each.key for each in autosaves.unsaved(s, prefix="new-", by=commune.officer)] == ["new-2", "new-1"]


def test_what_was_saved_is_dropped(database: Database, commune: Commune) -> None:
    keep(database, commune.officer)
    with database.session() as s:
        autosaves.drop(s, "new-1", by=commune.officer)
        assert autosaves.find(s, "new-1", by=commune.officer) is None


def test_the_oldest_make_room_and_a_month_is_enough(database: Database, commune: Commune) -> None:
    for number in range(autosaves.MOST + 2):
        keep(database, commune.officer, f"new-{number}", after=number)
    with database.reading() as s:
        stored = autosaves.unsaved(s, prefix="new-", by=commune.officer)
    assert [each.key for each in stored][-1] == "new-2"
    keep(database, commune.officer, "new-late", after=int(autosaves.LIFETIME.total_seconds()) + 100)
    with database.reading() as s:
        assert len(autosaves.unsaved(s, prefix="new-", by=commune.officer)) == 1


@pytest.mark.parametrize(("key", "text"), [("", "a"), ("../x", "a"), ("new-1", "a" * 200_001)])
def test_nothing_else_is_kept(database: Database, commune: Commune, key: str, text: str) -> None:
    with pytest.raises(Invalid):
        keep(database, commune.officer, key, text)
