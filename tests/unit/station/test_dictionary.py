"""The commune's own way of saying things."""

import pytest

from broadcaster.errors import Conflict, Invalid, NotFound
from broadcaster.station import announcements, dictionary, heartbeats
from broadcaster.station.database import Database
from tests.rig.commune import NOW, Commune


def teach(database: Database, commune: Commune, written: str, reading: str) -> str:
    with database.session() as s:
        return dictionary.add(
            s, unit_id="con-minh", written=written, reading=reading, by=commune.officer, now_at=NOW
        ).id


def test_what_was_taught_is_said(database: Database, commune: Commune) -> None:
    entry = teach(database, commune, "NVHCĐ", "nhà văn hóa cộng đồng")
    with database.reading() as s:
        assert "nhà văn hóa cộng đồng" in announcements.preview(s, "Họp tại NVHCĐ.").text
    with database.session() as s:
        dictionary.remove(s, entry_id=entry, by=commune.officer, now_at=NOW)
        assert dictionary.entries(s) == []


def test_one_writing_has_one_reading(database: Database, commune: Commune) -> None:
    teach(database, commune, "NVHCĐ", "nhà văn hóa")
    with pytest.raises(Conflict):
        teach(database, commune, "NVHCĐ", "nhà văn hóa cộng đồng")


def test_a_reading_that_cannot_be_said_is_refused(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid) as error:
        teach(database, commune, "NVHCĐ", "😀")
    assert error.value.field == "reading"


def test_forgetting_what_is_not_there_is_said(database: Database, commune: Commune) -> None:
    with pytest.raises(NotFound), database.session() as s:
        dictionary.remove(s, entry_id="x", by=commune.officer, now_at=NOW)


def test_the_last_sign_of_life_is_kept(database: Database) -> None:
    for number in range(2):
        with database.session() as s:
            heartbeats.beat(s, "renderer", NOW, {"number": number})
    with database.reading() as s:
        assert heartbeats.read(s)["renderer"].detail == {"number": 1}
