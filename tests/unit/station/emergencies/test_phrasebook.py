"""Ready texts for emergencies."""

from dataclasses import replace

import pytest

from broadcaster.errors import Conflict
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import ClipPlan
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.clips import jobs
from broadcaster.station.clips.plans import plan, read_script
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import phrasebook, releasing
from broadcaster.station.people import people
from broadcaster.station.programmes import slots
from broadcaster.station.schema import Announcement
from broadcaster.station.schema.announcement_fields import fields_of
from tests.rig.commune import NOW, Commune, approved, render, write
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


def test_a_new_station_has_its_book_filled_by_itself_and_only_once(database: Database, commune: Commune) -> None:
    with database.session() as s:
        assert phrasebook.ship(s, now_at=NOW)
    with database.reading() as s:
        made = phrasebook.book(s)
        assert [each.phrase for each in made] == KINDS
        assert {each.created_by.username for each in made} == {"canbo"}
        assert [[zone.id for zone in each.zones] for each in made] == [["con-minh"]] * len(KINDS)
    with database.session() as s:
        announcements.withdraw(s, announcement=announcements.get(s, made[0].id), by=commune.officer, now_at=NOW)
        assert phrasebook.ship(s, now_at=NOW)
        assert [each.phrase for each in phrasebook.book(s)] == KINDS[1:]


def test_nothing_is_shipped_before_somebody_may_write_for_the_whole_commune(
    database: Database, commune: Commune
) -> None:
    with database.session() as s:
        for each in (commune.officer, commune.approver):
            people.disable(s, person=people.get(s, each.id), by=None, now_at=NOW)
        assert not phrasebook.ship(s, now_at=NOW)
        assert phrasebook.book(s) == []


def test_a_book_somebody_began_stays_as_it_is(database: Database, commune: Commune) -> None:
    storm = fill(database, commune)[0]
    with database.session() as s:
        for each in phrasebook.book(s):
            if each.id != storm.id:
                announcements.withdraw(s, announcement=each, by=commune.officer, now_at=NOW)
        assert phrasebook.ship(s, now_at=NOW)
        assert [each.id for each in phrasebook.book(s)] == [storm.id]


def test_a_shipped_text_is_released_though_whoever_it_stands_for_may_not_write_any_more(
    database: Database, commune: Commune
) -> None:
    with database.session() as s:
        phrasebook.ship(s, now_at=NOW)
    for _ in KINDS:
        render(database)
    with database.session() as s:
        officer = people.get(s, commune.officer.id)
        people.disable(s, person=officer, by=None, now_at=NOW)
        heard = {each.id: each.content_hash or "" for each in phrasebook.book(s)}
        sitting = releasing.release(s, heard, by=commune.approver, now_at=NOW)
        assert sitting.refused == []
        assert releasing.unreleased_kinds(s) == []


def test_what_somebody_waits_for_is_made_before_the_copies(database: Database, commune: Commune) -> None:
    storm = fill(database, commune)[0]
    own = write(database, commune.officer, title="Thông báo", text="Họp thôn tối nay.")
    with database.session() as s:
        copy = announcements.get(s, storm.id)
        drill = phrasebook.drill_of(s, copy, by=commune.officer, now_at=NOW)
        claimed = [jobs.claim(s, worker="w", now_at=NOW) for _ in range(3)]
    assert [each.announcement_id for each in claimed[:2] if each] == [drill.id, own.id]
    assert claimed[2] is not None
    assert claimed[2].unhurried


def test_a_copy_half_made_gives_way_and_is_made_afterwards(database: Database, commune: Commune) -> None:
    fill(database, commune)
    with database.session() as s:
        copy = jobs.claim(s, worker="w", now_at=NOW)
        assert copy is not None
        mine = {"job_id": copy.id, "worker": "w", "fraction": 0.5, "stage": Reason("stage.reading"), "now_at": NOW}
        assert jobs.progress(s, **mine)
    write(database, commune.officer, title="Thông báo", text="Họp thôn tối nay.")
    with database.session() as s:
        assert not jobs.progress(s, **mine)
        first = jobs.claim(s, worker="w", now_at=NOW)
        assert first is not None
        assert first.id != copy.id
        second = jobs.claim(s, worker="w", now_at=NOW)
        assert second is not None
        assert second.id == copy.id
        assert second.progress == 0.0


def test_a_copy_somebody_edits_waits_for_nobody_any_more(database: Database, commune: Commune) -> None:
    storm = fill(database, commune)[0]
    with database.session() as s:
        current = announcements.get(s, storm.id)
        written = replace(fields_of(current), text="Bão đến gần.")
        announcements.edit(s, current, written, revision=1, by=commune.officer, now_at=NOW)
        claimed = jobs.claim(s, worker="w", now_at=NOW)
    assert claimed is not None
    assert claimed.announcement_id == storm.id
