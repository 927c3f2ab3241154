"""Words are found whatever their case and marks, on both databases alike."""

import pytest
from sqlalchemy import literal, select

from broadcaster.station.announcements import announcements
from broadcaster.station.audit import trail
from broadcaster.station.audit.trail import AuditQuery
from broadcaster.station.database.engine import Database
from broadcaster.station.rows.text_search import BareText
from broadcaster.station.vocabulary.names import bare
from tests.rig.commune import Commune, write

pytestmark = pytest.mark.integration
FOUND = (
    "TIÊM CHỦNG",
    "tiem chung",
    "Tiêm Chủng",
    "chủng tiêm",
    "tie\u0302m chu\u0309ng",
    "dot ĐỢT Ðợt",
    "tram y te",
)
WRITTEN = ("Đợt", "ĐỢT TIÊM CHỦNG", "tie\u0302m", "Đường số 5", "ＡＢＣ ％", "ﬁ", "ตำบล ที่", "ຕຳບົນ", "", "a_b\\c%")


@pytest.mark.parametrize("query", FOUND)
def test_an_announcement_is_found_in_title_and_text_without_case_and_marks(
    database: Database, commune: Commune, query: str
) -> None:
    made = write(database, commune.officer, title="Đợt tiêm chủng", text="Mời bà con đến trạm Y TẾ xã.")
    write(database, commune.officer, title="Họp thôn", text="Mời bà con họp.")
    with database.reading() as s:
        assert [each.id for each in announcements.listing(s, query=query).items] == [made.id]


@pytest.mark.parametrize("query", ["tiêm gà", "%", "_", "\\", "đợt%chủng"])
def test_every_word_must_be_there_and_none_is_a_wildcard(database: Database, commune: Commune, query: str) -> None:
    write(database, commune.officer, title="Đợt tiêm chủng")
    with database.reading() as s:
        assert announcements.listing(s, query=query).total == 0


def test_acts_are_found_by_a_name_without_marks(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        person = trail.listing(s, AuditQuery()).items[0].person_name
        assert trail.listing(s, AuditQuery(query=bare(person).upper())).total
        assert (
            trail.listing(s, AuditQuery(query=bare(person))).total == trail.listing(s, AuditQuery(query=person)).total
        )


@pytest.mark.parametrize("text", WRITTEN)
def test_the_database_folds_as_the_program_does(database: Database, commune: Commune, text: str) -> None:
    with database.reading() as s:
        assert s.scalar(select(BareText(literal(text)))) == bare(text)
