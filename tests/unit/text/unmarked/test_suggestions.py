"""Marks for text typed without them are suggested, never applied."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.refusals.sentences import sentence
from broadcaster.text import normalize, suggest_marks, with_marks
from broadcaster.text.language.syllables import bare

TYPED = "Kinh moi ba con den nha van hoa nhan qua tet luc 8h"
MEANT = "Kính mời bà con đến nhà văn hóa nhận quà tết lúc 8h"


def test_the_likeliest_marks_are_suggested_word_by_word() -> None:
    suggestions = suggest_marks(TYPED)

    assert with_marks(TYPED, suggestions) == MEANT
    assert all(TYPED[each.span.start : each.span.end] == each.written for each in suggestions)


def test_an_officer_may_take_some_and_leave_others() -> None:
    assert with_marks(TYPED, suggest_marks(TYPED)[:2]) == "Kính mời" + TYPED[8:]


def test_what_could_well_be_another_word_says_so() -> None:
    texts = ("ai vang hop thon thi phat 50k", "moi ong ban ra nha", "co ban gap con bo cai", "ba do di cho som")
    unsure = [each for text in texts for each in suggest_marks(text) if each.others]

    assert unsure
    for each in unsure:
        assert {bare(other) for other in each.others} == {each.written}
        assert each.suggested not in each.others


def test_capitals_stay_as_typed() -> None:
    assert with_marks("THONG BAO CAT DIEN", suggest_marks("THONG BAO CAT DIEN")) == "THÔNG BÁO CẮT ĐIỆN"


def test_text_with_marks_and_other_languages_get_none() -> None:
    for text in ("Kính mời bà con đi họp.", "Ba con trai đi chơi.", "This is a test of the loudspeaker", "", "12 34"):
        assert suggest_marks(text) == ()


def test_a_sentence_among_marked_ones_is_helped() -> None:
    text = "Kính gửi bà con. Toi nay hop thon tai nha van hoa. Xin cảm ơn."

    assert "tại nhà văn hóa. Xin cảm ơn." in with_marks(text, suggest_marks(text))


def test_nothing_is_applied_by_itself_and_the_doubt_shows_what_was_meant() -> None:
    script = normalize(TYPED)
    (doubt,) = script.doubts

    assert script.text.startswith("Kinh moi ba con")
    assert (doubt.kind, doubt.suggestion) == ("missing_marks", MEANT)
    assert MEANT in sentence(doubt.reason)


@given(st.text(max_size=120))
@settings(max_examples=60, deadline=None)
def test_suggestions_only_add_marks(text: str) -> None:
    for suggestion in suggest_marks(text):
        assert text[suggestion.span.start : suggestion.span.end] == suggestion.written
        assert bare(unicodedata.normalize("NFC", suggestion.suggested)).lower() == suggestion.written.lower()


@pytest.mark.parametrize("text", ["kinh moi ba con den nha van hoa nhan qua", "cho nao ban con heo con khong"])
def test_a_row_of_words_that_could_all_stand_without_marks_is_recognised(text: str) -> None:
    assert suggest_marks(text)
    assert "missing_marks" in {doubt.kind for doubt in normalize(text).doubts}


def test_an_unmarked_part_of_a_marked_sentence_is_recognised() -> None:
    text = "Họp thôn; moi ba con den dong du"

    assert with_marks(text, suggest_marks(text)) == "Họp thôn; mời bà con đến đông đủ"
    assert [doubt.written for doubt in normalize(text).doubts] == ["moi ba con den dong du"]


@pytest.mark.parametrize("text", ["ba con ra sau nha xem", "anh Nam em Hoa con Lan ra xem xe"])
def test_words_that_need_no_mark_keep_none(text: str) -> None:
    assert not suggest_marks(text)
    assert not normalize(text).doubts
