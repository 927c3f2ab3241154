"""Ready texts for emergencies."""

import pytest

from broadcaster.errors import Conflict
from broadcaster.rendering import ClipPlan
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips.plans import plan, read_script
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement
from tests.rig.commune import NOW, Commune, approved, render
from tests.unit.station.programmes.test_slots import EVERY_DAY, TODAY

pytestmark = pytest.mark.integration
KINDS = ["storm", "flood", "landslide", "fire", "evacuation", "water", "epidemic", "all_clear", "correction"]


def fill(database: Database, commune: Commune) -> list[Announcement]:
    with database.session() as s:
        return phrasebook.fill(s, zones=["con-minh"], by=commune.officer, now_at=NOW)


def release(database: Database, commune: Commune, announcement: Announcement) -> Announcement:
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
        current = announcements.get(s, announcement.id)
        seal = current.content_hash or ""
        approvals.approve(s, announcement=current, content_hash=seal, by=commune.approver, now_at=NOW)
        return current


def wanted(database: Database, announcement: Announcement) -> ClipPlan:
    with database.reading() as s:
        current = announcements.get(s, announcement.id)
        return plan(s, current, read_script(s, current.text)).plan


def test_every_shipped_text_reads_without_a_digit_or_a_doubt(database: Database) -> None:
    assert [each.kind for each in phrasebook.shipped()] == KINDS
    with database.reading() as s:
        for phrase in phrasebook.shipped():
            script = read_script(s, phrase.text)
            assert not any(each.isdigit() for each in script.text)
            assert script.doubts == ()


def test_the_book_is_filled_once_with_drafts_of_the_commune_own(database: Database, commune: Commune) -> None:
    made = fill(database, commune)
    assert [each.phrase for each in made] == KINDS
    assert {str(each.state) for each in made} == {"draft"}
    assert fill(database, commune) == []


def test_a_withdrawn_text_is_given_again(database: Database, commune: Commune) -> None:
    storm = fill(database, commune)[0]
    with database.session() as s:
        announcements.withdraw(s, announcement=storm, by=commune.officer, now_at=NOW)
    assert [each.phrase for each in fill(database, commune)] == ["storm"]


def test_approved_texts_are_stored_on_every_node_before_anything_else(database: Database, commune: Commune) -> None:
    storm = fill(database, commune)[0]
    for _ in KINDS:
        render(database)
    storm = release(database, commune, storm)
    newer = approved(database, commune, title="Mới hơn", text="Họp thôn tối nay.")
    with database.reading() as s:
        for node in (commune.strong, commune.weak):
            held = agenda_content.for_node(s, node=node, now_at=NOW).clips
            assert [clip.sha256 for clip in held] == [storm.clip_sha256, newer.clip_sha256]


def test_a_drill_has_the_same_words_a_sound_of_its_own_and_its_own_approval(
    database: Database, commune: Commune
) -> None:
    storm = fill(database, commune)[0]
    with database.session() as s:
        drill = phrasebook.drill_of(s, announcements.get(s, storm.id), by=commune.officer, now_at=NOW)
    assert (drill.title, drill.text, str(drill.state)) == ("Diễn tập: Cảnh báo bão", storm.text, "draft")
    assert (wanted(database, storm).drill, wanted(database, drill).drill) == (False, True)
    for original, why in ((drill, "drill_of_other"), (storm, "drill_exists")):
        with pytest.raises(Conflict, match=rf"phrasebook\.{why}"), database.session() as s:
            phrasebook.drill_of(s, s.get_one(Announcement, original.id), by=commune.officer, now_at=NOW)
    with database.session() as s:
        announcements.withdraw(s, announcement=s.get_one(Announcement, drill.id), by=commune.officer, now_at=NOW)
        assert phrasebook.drill_of(s, s.get_one(Announcement, storm.id), by=commune.officer, now_at=NOW)


def test_a_ready_text_sounds_only_by_an_emergency_order(database: Database, commune: Commune) -> None:
    storm = fill(database, commune)[0]
    for _ in KINDS:
        render(database)
    storm = release(database, commune, storm)
    with pytest.raises(Conflict, match=r"broadcast\.prepared_emergency"), database.session() as s:
        broadcasts.broadcast_now(s, announcement=storm, by=commune.officer, now_at=NOW)
    with database.session() as s:
        slot = slots.add_slot(s, name="Chiều", rule=EVERY_DAY, zones=["con-minh"], by=None, now_at=NOW)
    with pytest.raises(Conflict, match=r"slot\.emergency"), database.session() as s:
        slots.put(s, slot=slot, announcement=storm, first_on=TODAY, by=commune.officer, now_at=NOW)
