"""The commune's own way of saying things."""

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.station.announcements import announcements
from broadcaster.station.clips import dictionary
from broadcaster.station.clips import dictionary_changes as readings
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats
from broadcaster.station.units import units
from broadcaster.text import ReadingEntry
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


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


def test_a_reading_with_digits_is_refused_before_it_is_heard(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid, match=r"dictionary\.reading_with_signs") as error:
        teach(database, commune, "NVHCĐ", "nhà số 5")
    assert error.value.field == "reading"


def test_the_commune_says_it_its_own_way_whatever_the_province_says(database: Database, commune: Commune) -> None:
    with database.session() as s:
        units.add_unit(s, name="Bắc Kạn", kind="province", now_at=NOW)
        for unit_id, said in (("con-minh", "nhà của xã"), ("bac-kan", "nhà của tỉnh")):
            line = ReadingEntry("NVHCĐ", said)
            s.add(dictionary._line(line, unit_id=unit_id, by=commune.officer, now_at=NOW))
    with database.reading() as s:
        assert "nhà của xã" in announcements.preview(s, "Họp tại NVHCĐ.").text


def test_a_file_replaces_what_is_read_differently_and_counts_only_that(database: Database, commune: Commune) -> None:
    teach(database, commune, "NVHCĐ", "nhà văn hóa")
    teach(database, commune, "TYT", "trạm y tế")
    content = "NVHCĐ\tnhà văn hóa cộng đồng\nTYT\ttrạm y tế\nUB\tủy ban\n"
    with database.session() as s:
        new = readings.take_over(s, unit_id="con-minh", content=content, by=commune.officer, now_at=NOW)
        assert [line.written for line in new] == ["NVHCĐ", "UB"]
        assert len(dictionary.entries(s)) == 3


def test_only_somebody_of_the_whole_commune_may_change_its_dictionary(database: Database, commune: Commune) -> None:
    with database.session() as s:
        assert dictionary.scopes(s, by=commune.hamlet_head) == []
        assert [unit.id for unit in dictionary.scopes(s, by=commune.officer)] == ["con-minh"]
        with pytest.raises(NotAllowed):
            readings.teach(s, unit_id="con-minh", written="A", reading="a", by=commune.hamlet_head, now_at=NOW)


def test_forgetting_what_is_not_there_is_said(database: Database, commune: Commune) -> None:
    with pytest.raises(NotFound), database.session() as s:
        dictionary.remove(s, entry_id="x", by=commune.officer, now_at=NOW)


def test_the_last_sign_of_life_is_kept(database: Database) -> None:
    for number in range(2):
        with database.session() as s:
            heartbeats.beat(s, "renderer", NOW, {"number": number})
    with database.reading() as s:
        assert heartbeats.read(s)["renderer"].detail == {"number": 1}
