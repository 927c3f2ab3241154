"""What an approver is shown of a text that comes back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.station.announcements import announcements, approvals, differences
from broadcaster.station.announcements.differences import ChangedWords, WordChange, pieces, sentences
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Announcement
from broadcaster.station.schema.announcement_fields import fields_of
from tests.rig.commune import NOW, Commune, render, write


def returned(database: Database, commune: Commune) -> Announcement:
    announcement = write(database, commune.officer, text="Mời bà con họp lúc 19h.")
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with database.session() as s:
        approvals.send_back(s, announcement=announcement, by=commune.approver, now_at=NOW, comment="Sửa giờ.")
    return announcement


def edit(database: Database, commune: Commune, announcement: Announcement, **changed: object) -> None:
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        announcements.edit(
            s,
            current,
            replace(fields_of(current), **changed),
            revision=current.revision,
            by=commune.officer,
            now_at=NOW,
        )


def difference(database: Database, announcement: Announcement) -> differences.Difference | None:
    with database.reading() as s:
        return differences.since_last_decision(s, announcements.get(s, announcement.id))


def test_only_the_words_that_changed_are_marked() -> None:
    assert pieces("họp lúc 19h tối nay", "họp lúc 20h tối nay") == (
        ChangedWords(WordChange.SAME, "họp lúc "),
        ChangedWords(WordChange.GONE, "19h"),
        ChangedWords(WordChange.NEW, "20h"),
        ChangedWords(WordChange.SAME, " tối nay"),
    )


@settings(max_examples=100)
@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_both_texts_can_be_read_out_of_the_pieces(before: str, now: str) -> None:
    found = pieces(before, now)
    assert "".join(each.words for each in found if each.change is not WordChange.NEW) == before
    assert "".join(each.words for each in found if each.change is not WordChange.GONE) == now


def test_what_nobody_decided_about_has_no_difference(database: Database, commune: Commune) -> None:
    assert difference(database, write(database, commune.officer)) is None


def test_what_came_back_unchanged_says_so(database: Database, commune: Commune) -> None:
    found = difference(database, returned(database, commune))
    assert found is not None
    assert found.nothing
    assert found.decision.comment == "Sửa giờ."


@pytest.mark.parametrize(
    ("changed", "facts"),
    [
        ({"title": "Họp gấp"}, {"title": ("Tiêm phòng", "Họp gấp")}),
        ({"broadcast_class": "priority"}, {"class": ("routine", "priority")}),
        ({"zones": ["lung-pang"]}, {"zones": (["Toàn xã Côn Minh"], ["Lủng Pảng"])}),
    ],
)
def test_every_fact_that_changed_is_named(
    database: Database, commune: Commune, changed: dict[str, object], facts: dict[str, object]
) -> None:
    announcement = returned(database, commune)
    edit(database, commune, announcement, **changed)
    found = difference(database, announcement)
    assert found is not None
    assert (found.facts, found.text) == (facts, ())


def test_the_text_is_compared_with_what_was_decided_about(database: Database, commune: Commune) -> None:
    announcement = returned(database, commune)
    edit(database, commune, announcement, text="Mời bà con họp lúc 20h.")
    edit(database, commune, announcement, text="Mời bà con họp lúc 21h.")
    found = difference(database, announcement)
    assert found is not None
    assert [each.words for each in found.text if each.change is not WordChange.SAME] == ["19h.", "21h."]


def changed(before: str, now: str) -> list[str]:
    """The sentences with a change, as they were and are, without marks."""
    row = pieces(before, now)
    found = [each for each in sentences(row) if any(piece.change != WordChange.SAME for piece in each)]
    return ["".join(piece.words for piece in each).strip() for each in found]


@pytest.mark.parametrize(
    ("before", "now", "sentences"),
    [
        ("Một. Hai ba. Bốn.", "Một. Hai năm. Bốn.", ["Hai ba.năm."]),
        ("Kính gửi bà con. Họp 19h. Mang sổ.", "Kính gửi bà con. Họp 20h. Mang sổ.", ["Họp 19h.20h."]),
        ("Một. Hai. Ba.", "Một. Ba.", ["Hai. Ba."]),
        ("Dòng một\nDòng hai\nDòng ba", "Dòng một\nDòng bốn\nDòng ba", ["Dòng haibốn"]),
        ("Nộp 1.000 đồng. Xin mời!", "Nộp 2.000 đồng. Xin mời!", ["Nộp 1.0002.000 đồng."]),
        ("Như cũ.", "Như cũ.", []),
    ],
)
def test_only_sentences_with_a_change_are_taken(before: str, now: str, sentences: list[str]) -> None:
    assert changed(before, now) == sentences


@settings(max_examples=80)
@given(*[st.text(alphabet="ab. \n!", max_size=40)] * 2)
def test_sentences_hold_every_piece_of_both_texts_in_order(before: str, now: str) -> None:
    row = [piece for sentence in sentences(pieces(before, now)) for piece in sentence]
    assert "".join(piece.words for piece in row if piece.change != WordChange.NEW) == before
    assert "".join(piece.words for piece in row if piece.change != WordChange.GONE) == now
