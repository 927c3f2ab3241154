"""What officers type, however they type it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed, NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence
from broadcaster.station.announcements import announcements
from broadcaster.station.clips import jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.schema.announcement_fields import AnnouncementFields, fields_of
from broadcaster.station.vocabulary.states import AnnouncementState, JobState
from tests.rig.commune import NOW, Commune, approved, render, write

pytestmark = pytest.mark.integration


def refused(database: Database, commune: Commune, **draft: object) -> Invalid:
    words = {"title": "Họp", "text": "Mời họp.", "zones": ["con-minh"], "broadcast_class": "routine"} | draft
    with pytest.raises(Invalid) as error, database.session() as s:
        announcements.create(s, AnnouncementFields(**words), by=commune.officer, now_at=NOW)  # type: ignore[arg-type]
    return error.value


def test_a_new_announcement_has_its_words_and_a_clip_on_the_way(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer, text="Họp lúc 19h30.")
    assert made.state is AnnouncementState.DRAFT
    assert made.revision == 1
    assert made.script is not None
    assert "mười chín giờ" in made.script
    with database.reading() as s:
        job = jobs.latest(s, made)
    assert job is not None
    assert job.state is JobState.QUEUED


def test_it_can_be_read_after_its_session_ended(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer, zones=("lung-pang",))
    assert (made.created_by.full_name, [zone.name for zone in made.zones]) == ("Nông Thị Hoa", ["Lủng Pảng"])


@pytest.mark.parametrize("text", ["", "   \n\t ", "😀🎉📢", "... --- !!!", "\x00"])
def test_a_text_without_a_word_is_refused(database: Database, commune: Commune, text: str) -> None:
    assert refused(database, commune, text=text).field == "text"


def test_a_200_kb_paste_is_refused_with_both_numbers(database: Database, commune: Commune) -> None:
    error = refused(database, commune, text="a " * 100_000)
    assert error.field == "text"
    assert error.reason == Reason("announcement.text_too_long", length=200_000, longest=20_000)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "a" * 201}, "title"),
        ({"zones": []}, "zones"),
        ({"zones": ["không có"]}, "zones"),
        ({"broadcast_class": "urgent"}, "class"),
        ({"rate_percent": 20}, "rate_percent"),
        ({"repeats": 0}, "repeats"),
        ({"voice": "alexa"}, "voice"),
        ({"valid_until_at": NOW - timedelta(seconds=1)}, "valid_until_at"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_refusal_names_its_field(
    database: Database, commune: Commune, draft: dict[str, object], field: str
) -> None:
    assert refused(database, commune, **draft).field == field


HOSTILE = "<script>alert('x')</script> Robert'); DROP TABLE people;-- {{7*7}} %s Mời bà con họp."


def test_hostile_text_is_kept_as_it_was_typed(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer, text=HOSTILE, title=HOSTILE[:60])
    with database.reading() as s:
        stored = announcements.get(s, made.id)
    assert (stored.text, stored.title) == (HOSTILE, HOSTILE[:60])


def test_what_no_database_can_hold_is_left_out(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer, text="Mời\x00 họp \ud800thôn.", title="Họp\x00\ud800 thôn")
    with database.reading() as s:
        stored = announcements.get(s, made.id)
    assert (stored.text, stored.title) == ("Mời họp thôn.", "Họp thôn")


def test_the_second_of_two_editors_is_told_who_was_first(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer)
    with database.session() as s:
        announcements.edit(
            s, made, replace(fields_of(made), title="Trước"), revision=1, by=commune.approver, now_at=NOW
        )
    with pytest.raises(Conflict) as refused, database.session() as s:
        announcements.edit(s, made, replace(fields_of(made), title="Sau"), revision=1, by=commune.officer, now_at=NOW)
    assert "Hoàng Văn Sơn sửa lúc 10:00 ngày 21/11/2026" in sentence(refused.value.reason)
    with database.reading() as s:
        assert announcements.get(s, made.id).title == "Trước"


def test_an_edit_of_the_text_sets_off_a_new_clip_and_ends_the_old_job(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer)
    with database.session() as s:
        announcements.edit(
            s, made, replace(fields_of(made), text="Khác rồi."), revision=1, by=commune.officer, now_at=NOW
        )
    with database.session() as s:
        job = jobs.claim(s, worker="w", now_at=NOW)
        assert job is not None
        assert job.revision == 2
        assert jobs.claim(s, worker="w", now_at=NOW) is None


def test_an_edit_of_the_title_keeps_the_clip(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer)
    sha256 = render(database)
    with database.session() as s:
        announcements.edit(s, made, replace(fields_of(made), title="Khác"), revision=1, by=commune.officer, now_at=NOW)
    with database.reading() as s:
        assert announcements.get(s, made.id).clip_sha256 == sha256


def test_going_back_to_an_earlier_text_takes_the_clip_made_then(database: Database, commune: Commune) -> None:
    made = write(database, commune.officer, text="Một.")
    sha256 = render(database)
    for revision, text in ((1, "Hai."), (2, "Một.")):
        with database.session() as s:
            announcements.edit(
                s, made, replace(fields_of(made), text=text), revision=revision, by=commune.officer, now_at=NOW
            )
    with database.reading() as s:
        assert announcements.get(s, made.id).clip_sha256 == sha256


def test_a_hamlet_head_writes_for_the_hamlet_only(database: Database, commune: Commune) -> None:
    assert write(database, commune.hamlet_head, zones=("lung-pang",)).id
    with pytest.raises(NotAllowed, match=r"person\.not_permitted_there"):
        write(database, commune.hamlet_head, zones=("con-minh",))


def test_a_viewer_writes_nothing(database: Database, commune: Commune) -> None:
    with pytest.raises(NotAllowed):
        write(database, commune.viewer)


def test_the_list_finds_by_state_and_by_words(database: Database, commune: Commune) -> None:
    write(database, commune.officer, title="Thu quỹ 100%")
    approved(database, commune, title="Tiêm chủng")
    with database.reading() as s:
        found = announcements.listing(s, state="approved")
        assert ([each.title for each in found.items], found.total, found.pages) == (["Tiêm chủng"], 1, 1)
        assert [each.title for each in announcements.listing(s, query="quỹ 100%").items] == ["Thu quỹ 100%"]
        assert announcements.listing(s, query="_____").total == 0
        assert announcements.listing(s, page=9).items == []


def test_a_withdrawn_announcement_is_out_of_use(database: Database, commune: Commune) -> None:
    made = approved(database, commune)
    with database.session() as s:
        announcements.withdraw(s, announcement=made, by=commune.officer, now_at=NOW)
    with pytest.raises(Conflict), database.session() as s:
        announcements.withdraw(s, announcement=made, by=commune.officer, now_at=NOW)


def test_a_preview_reads_and_writes_nothing(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        assert "mười chín giờ" in announcements.preview(s, "Lúc 19h").text
    with pytest.raises(Invalid), database.reading() as s:
        announcements.preview(s, "a" * 20_001)


def test_what_is_not_there_is_not_found(database: Database, commune: Commune) -> None:
    with pytest.raises(NotFound), database.reading() as s:
        announcements.get(s, "nothing")
