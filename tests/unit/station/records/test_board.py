"""What boards show: what is said now and what comes, in the approved words, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.errors import Invalid
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import silence
from broadcaster.station.records.board import BoardKind, WallBoard, board
from broadcaster.station.schema import Unit
from broadcaster.station.schema.announcement_fields import fields_of
from tests.rig.commune import NOW, Commune, approved, render, write
from tests.unit.station.records.test_alarms import clear, sound

pytestmark = pytest.mark.integration


def shown(database: Database, *, unit: str = "con-minh", after_seconds: float = 10) -> WallBoard:
    with database.reading() as s:
        return board(s, s.get_one(Unit, unit), now_at=NOW + timedelta(seconds=after_seconds))


def announced(
    database: Database, commune: Commune, board_text: str = "", zones: tuple[str, ...] = ("con-minh",)
) -> str:
    """The id of a broadcast that sounds from one second after NOW for twenty."""
    made = write(database, commune.officer, zones=zones)
    with database.session() as s:
        current = announcements.get(s, made.id)
        written = replace(fields_of(current), board_text=board_text)
        announcements.edit(s, current, written, revision=current.revision, by=commune.officer, now_at=NOW)
    render(database)
    with database.session() as s:
        current = announcements.get(s, made.id)
        approvals.submit(s, announcement=current, by=commune.officer, now_at=NOW)
        seal = current.content_hash or ""
        approvals.approve(s, announcement=current, content_hash=seal, by=commune.approver, now_at=NOW)
    with database.session() as s:
        return broadcasts.broadcast_now(s, announcement=current, by=commune.officer, now_at=NOW).id


def test_what_sounds_is_shown_in_its_approved_words_and_then_no_more(database: Database, commune: Commune) -> None:
    made = announced(database, commune, "TIÊM PHÒNG SÁNG MAI")
    early = shown(database, after_seconds=0)
    assert (early.state, [each.text for each in early.coming]) == ("idle", ["TIÊM PHÒNG SÁNG MAI"])
    now = shown(database)
    assert now.state == "speaking"
    assert [(each.id, each.kind, each.text, each.title) for each in now.now] == [
        (made, BoardKind.ROUTINE, "TIÊM PHÒNG SÁNG MAI", "Tiêm phòng")
    ]
    assert shown(database, after_seconds=40).state == "idle"


def test_without_words_of_its_own_the_title_is_shown_where_it_sounds(database: Database, commune: Commune) -> None:
    announced(database, commune, zones=("ban-cuon",))
    assert [each.text for each in shown(database, unit="ban-cuon").now] == ["Tiêm phòng"]
    assert [each.text for each in shown(database).now] == ["Tiêm phòng"]
    assert shown(database, unit="lung-pang").state == "idle"


def test_a_board_text_is_sealed_and_short(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    with database.session() as s:
        current = announcements.get(s, made.id)
        seal, written = current.content_hash, replace(fields_of(current), board_text=" HỌP\u202e  19H30 ")
        announcements.edit(s, current, written, revision=current.revision, by=commune.officer, now_at=NOW)
        assert (current.state, current.board_text) == ("draft", "HỌP 19H30")
        longer = replace(written, board_text="a" * 121)
        with pytest.raises(Invalid, match=r"announcement\.board_text_too_long"):
            announcements.edit(s, current, longer, revision=current.revision, by=commune.officer, now_at=NOW)
    with database.reading() as s:
        assert announcements.get(s, made.id).content_hash not in (None, seal)


def test_an_alarm_stands_first_until_its_all_clear(database: Database, commune: Commune) -> None:
    announced(database, commune)
    order = sound(database, commune, every_minutes=5, for_minutes=60)
    now = shown(database)
    assert now.state == "alarm"
    assert [(each.kind, each.text) for each in now.now] == [
        (BoardKind.ALARM, "Cảnh báo bão"),
        (BoardKind.ROUTINE, "Tiêm phòng"),
    ]
    between = shown(database, after_seconds=150)
    assert (between.state, between.now[0].end_at) == ("alarm", None)
    assert between.coming == [], "its next soundings are the alarm itself"
    clear(database, commune, order, NOW + timedelta(minutes=1))
    assert all(each.text != "Cảnh báo bão" for each in shown(database, after_seconds=120).now)


def test_a_stop_all_leaves_boards_blank(database: Database, commune: Commune) -> None:
    announced(database, commune)
    with database.session() as s:
        silence.silence(s, by=commune.officer, reason="", now_at=NOW)
    assert shown(database) == WallBoard(stopped=True)
