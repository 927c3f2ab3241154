"""One announcement in several languages: who hears which, and what keeps it from approval."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.agendas import content as agenda_content
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.announcements import versions as spoken_languages
from broadcaster.station.announcements.recordings import UploadedRecording
from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.broadcasts import repetitions as repeating
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import languages
from broadcaster.station.nodes.languages import LANGUAGES, spoken
from broadcaster.station.schema import Announcement, Broadcast, Node
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.states import AnnouncementState
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, render, write
from tests.rig.setups.remembered import remembered

MONG_MS = 7_000


def said(language: str) -> UploadedRecording:
    return UploadedRecording((language.encode().hex() + "0" * 64)[:64], f"{language}.wav")


def fresh(database: Database, announcement: Announcement) -> Announcement:
    with database.reading() as s:
        return announcements.get(s, announcement.id)


def record(database: Database, commune: Commune, announcement: Announcement, language: str = "hmn") -> None:
    seen = fresh(database, announcement)
    with database.session() as s:
        spoken_languages.put(
            s,
            announcement=seen,
            language=language,
            revision=seen.revision,
            recording=said(language),
            by=commune.officer,
            now_at=NOW,
        )


def hears(database: Database, commune: Commune, zone: str, *wanted: str) -> None:
    with database.session() as s:
        languages.choose(s, zone=languages.zone_of(s, zone), languages=wanted, by=commune.officer, now_at=NOW)


def submit(database: Database, commune: Commune, announcement: Announcement) -> None:
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)


def release(database: Database, commune: Commune, announcement: Announcement) -> None:
    submit(database, commune, announcement)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        seal = current.content_hash or ""
        approvals.approve(s, announcement=current, content_hash=seal, by=commune.approver, now_at=NOW)


@remembered
def in_two_languages(database: Database, commune: Commune) -> Announcement:
    announcement = write(database, commune.officer)
    render(database)
    record(database, commune, announcement)
    render(database, duration_ms=MONG_MS)
    release(database, commune, announcement)
    return announcement


def order(database: Database, commune: Commune, announcement: Announcement) -> Broadcast:
    with database.session() as s:
        return broadcasts.broadcast_now(
            s, announcement=announcement, by=commune.officer, now_at=NOW, start_at=NOW + timedelta(hours=5)
        )


def played_at(database: Database, node: Node) -> tuple[int, int]:
    """How many clips its one item has, and how long it sounds."""
    with database.reading() as s:
        (item,) = agenda_content.for_node(s, node=node, now_at=NOW).items
        return len(item.parts), item.duration_ms


def test_each_node_plays_the_languages_of_its_place_in_their_order(database: Database, commune: Commune) -> None:
    hears(database, commune, "lung-pang", "hmn", "vi")
    made = order(database, commune, in_two_languages(database, commune))
    assert played_at(database, commune.weak) == (2, MONG_MS + CLIP_MS)
    assert played_at(database, commune.strong) == (1, CLIP_MS)
    with database.reading() as s:
        stored = broadcasts.get(s, made.id)
        assert {each.node_id: each.languages for each in stored.deliveries} == {
            "ban-cuon": ["vi"],
            "lung-pang": ["hmn", "vi"],
        }
        (item,) = agenda_content.for_node(s, node=commune.weak, now_at=NOW).items
        by_language = {part.language: part.sha256 for part in stored.parts}
        assert item.parts == (by_language["hmn"], by_language["vi"])
    assert stored.duration_ms == MONG_MS + CLIP_MS


def test_a_place_may_hear_its_own_language_alone_and_holds_no_other_clip(database: Database, commune: Commune) -> None:
    hears(database, commune, "lung-pang", "hmn")
    announcement = in_two_languages(database, commune)
    with database.reading() as s:
        (held,) = agenda_content.for_node(s, node=commune.weak, now_at=NOW).clips
    assert held.duration_ms == MONG_MS
    order(database, commune, announcement)
    assert played_at(database, commune.weak) == (1, MONG_MS)


def test_where_a_language_is_missing_people_hear_vietnamese(database: Database, commune: Commune) -> None:
    hears(database, commune, "lung-pang", "tyz")
    announcement = approved(database, commune)
    with database.reading() as s:
        assert spoken_languages.missing(s, announcements.get(s, announcement.id)) == {"tyz": ["Lủng Pảng"]}
    order(database, commune, announcement)
    assert played_at(database, commune.weak) == (1, CLIP_MS)


def test_a_hamlet_hears_what_its_commune_chose_until_it_chooses_itself(database: Database, commune: Commune) -> None:
    hears(database, commune, "con-minh", "tyz", "vi")
    hears(database, commune, "lung-pang", "hmn")
    with database.reading() as s:
        heard = languages.heard_by(s, [commune.strong, commune.weak])
    assert heard == {"ban-cuon": ("tyz", "vi"), "lung-pang": ("hmn",)}


def test_a_version_older_than_the_text_blocks_approval_until_it_is_said_again_or_confirmed(
    database: Database, commune: Commune
) -> None:
    announcement = in_two_languages(database, commune)
    seen = fresh(database, announcement)
    with database.session() as s:
        announcements.edit(
            s,
            seen,
            replace(fields_of(seen), text="Hoãn tiêm phòng."),
            revision=seen.revision,
            by=commune.officer,
            now_at=NOW,
        )
    render(database)
    with pytest.raises(Conflict, match=r"version\.stale"):
        submit(database, commune, announcement)
    seen = fresh(database, announcement)
    with database.session() as s:
        spoken_languages.confirm(
            s, announcement=seen, language="hmn", revision=seen.revision, by=commune.officer, now_at=NOW
        )
    release(database, commune, announcement)
    assert fresh(database, announcement).state is AnnouncementState.APPROVED


def test_spacing_alone_makes_no_version_out_of_date(database: Database, commune: Commune) -> None:
    announcement = write(database, commune.officer, text="Mời bà con\nđi họp.")
    record(database, commune, announcement)
    seen = fresh(database, announcement)
    with database.session() as s:
        announcements.edit(
            s,
            seen,
            replace(fields_of(seen), text="Mời  bà con đi họp."),
            revision=seen.revision,
            by=commune.officer,
            now_at=NOW,
        )
    (version,) = fresh(database, announcement).versions
    assert not spoken_languages.is_stale(fresh(database, announcement), version)


def test_the_seal_covers_every_version(database: Database, commune: Commune) -> None:
    announcement = in_two_languages(database, commune)
    before = fresh(database, announcement)
    record(database, commune, announcement, "tyz")
    voided = fresh(database, announcement)
    assert voided.state is AnnouncementState.DRAFT
    assert voided.content_hash != before.content_hash
    with pytest.raises(Conflict, match=r"version\.being_made"):
        submit(database, commune, announcement)


def test_a_version_taken_back_is_heard_nowhere(database: Database, commune: Commune) -> None:
    hears(database, commune, "lung-pang", "hmn", "vi")
    announcement = in_two_languages(database, commune)
    seen = fresh(database, announcement)
    with database.session() as s:
        spoken_languages.remove(
            s, announcement=seen, language="hmn", revision=seen.revision, by=commune.officer, now_at=NOW
        )
    release(database, commune, announcement)
    order(database, commune, announcement)
    assert played_at(database, commune.weak) == (1, CLIP_MS)


def test_another_class_renews_the_sound_of_every_version(database: Database, commune: Commune) -> None:
    announcement = in_two_languages(database, commune)
    seen = fresh(database, announcement)
    with database.session() as s:
        announcements.edit(
            s,
            seen,
            replace(fields_of(seen), broadcast_class="priority"),
            revision=seen.revision,
            by=commune.officer,
            now_at=NOW,
        )
    assert [each.clip_sha256 for each in fresh(database, announcement).versions] == [None]
    render(database)
    render(database)
    (version,) = fresh(database, announcement).versions
    assert version.clip_sha256 not in (None, fresh(database, announcement).clip_sha256)


def test_clips_of_versions_are_kept_while_they_may_sound(database: Database, commune: Commune) -> None:
    announcement = in_two_languages(database, commune)
    (version,) = fresh(database, announcement).versions
    with database.reading() as s:
        assert version.clip_sha256 in clips.in_use(s, NOW)


def test_a_row_of_repetitions_keeps_every_nodes_languages(database: Database, commune: Commune) -> None:
    hears(database, commune, "lung-pang", "hmn", "vi")
    announcement = in_two_languages(database, commune)
    plan = BroadcastPlan(start_at=NOW, nodes=[commune.strong, commune.weak], broadcast_id=repeating.first_id())
    with database.session() as s:
        first = freeze(s, announcements.get(s, announcement.id), plan, by=commune.officer, now_at=NOW)
        repeating.repeat(s, first, every=timedelta(minutes=5), count=2, now_at=NOW)
        again = next(each for each in repeating.row_of(s, first) if each.id != first.id)
        stated = {each.node_id: each.languages for each in again.deliveries}
        assert stated == {"ban-cuon": ["vi"], "lung-pang": ["hmn", "vi"]}
        assert all(each.state is DeliveryState.PLANNED for each in again.deliveries)
        assert [part.language for part in again.parts] == [part.language for part in first.parts]


def test_who_may_not_write_there_chooses_and_records_nothing(database: Database, commune: Commune) -> None:
    with pytest.raises(NotAllowed), database.session() as s:
        languages.choose(
            s, zone=languages.zone_of(s, "ban-cuon"), languages=["hmn"], by=commune.hamlet_head, now_at=NOW
        )
    announcement = write(database, commune.officer)
    with pytest.raises(NotAllowed), database.session() as s:
        spoken_languages.put(
            s,
            announcement=announcement,
            language="hmn",
            revision=1,
            recording=said("hmn"),
            by=commune.viewer,
            now_at=NOW,
        )


@pytest.mark.parametrize("language", ["vi", "tlh", ""])
def test_only_listed_languages_beside_vietnamese_are_taken(database: Database, commune: Commune, language: str) -> None:
    announcement = write(database, commune.officer)
    with pytest.raises(Invalid) as refused:
        record(database, commune, announcement, language)
    assert refused.value.field == "language"


def test_a_place_hears_at_most_three_languages(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid, match=r"language\.too_many"):
        hears(database, commune, "lung-pang", "vi", "hmn", "tyz", "ium")


def test_what_is_spoken_is_what_there_is_in_the_wanted_order() -> None:
    assert spoken(["hmn", "vi"], ["vi", "hmn"]) == ("hmn", "vi")
    assert spoken(["hmn", "tyz"], ["vi", "tyz"]) == ("tyz",)
    assert spoken(["hmn"], ["vi"]) == ("vi",)


def test_the_list_of_languages_is_well_formed() -> None:
    assert LANGUAGES["vi"] == "tiếng Việt"
    assert all(name.startswith("tiếng ") and code.isalpha() for code, name in LANGUAGES.items())
    assert len(set(LANGUAGES.values())) == len(LANGUAGES) > 20
