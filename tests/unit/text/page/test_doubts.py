"""What an officer is asked to look at before a village hears it."""

import pytest

from broadcaster.refusals.sentences import sentence
from broadcaster.text import Doubt, normalize


def doubts(text: str) -> list[tuple[str, str]]:
    return [(doubt.kind, doubt.written) for doubt in normalize(text).doubts]


def test_an_acronym_nobody_explained_is_spelled_and_shown() -> None:
    (doubt,) = normalize("Ban XQK họp").doubts

    assert (doubt.kind, doubt.written, doubt.reading) == ("unknown_acronym", "XQK", "ích quy ca")
    assert "thêm vào từ điển đọc" in sentence(doubt.reason)


def test_a_sentence_without_marks_is_shown_as_a_whole() -> None:
    text = "Kính gửi bà con. Toi nay hop thon tai nha van hoa. Xin cảm ơn."

    assert doubts(text) == [("missing_marks", "Toi nay hop thon tai nha van hoa.")]


def test_words_that_lost_letters_are_shown() -> None:
    assert ("missing_letters", "th") in doubts("Ủy ban nhân dân th ng báo đến bà con")


def test_a_foreign_name_is_respelled_and_shown() -> None:
    assert doubts("Công ty Wexford họp") == [("low_confidence", "Wexford")]


@pytest.mark.parametrize(
    "text", ["", "Họp thôn lúc 19h30.", "UBND xã, BHYT, CCCD", "Thôn Ba cho vay", "Ba mua hai con"]
)
def test_ordinary_text_is_not_doubted(text: str) -> None:
    assert doubts(text) == []


def test_a_number_that_can_be_two_things_is_shown() -> None:
    assert doubts("Giá 12,500đ") == [("low_confidence", "12,500đ")]
    assert doubts("sốt trên 380C") == [("low_confidence", "380C")]


def test_writing_that_is_not_latin_is_left_out_and_shown() -> None:
    script = normalize("Họp 会议 lúc 8h")

    assert script.text == "Họp lúc tám giờ."
    assert {doubt.kind for doubt in script.doubts} == {"unreadable"}


def test_a_doubt_points_into_the_text_as_it_was_typed() -> None:
    text = "Thôn\u00a0 Bản  Cào  mời XQK"
    (doubt,) = normalize(text).doubts

    assert isinstance(doubt, Doubt)
    assert text[doubt.span.start : doubt.span.end] == "XQK"


def test_legacy_font_text_is_shown_as_unreadable() -> None:
    kinds = {kind for kind, _ in doubts("Th«ng b¸o vÒ viÖc tiªm phßng")}

    assert "missing_letters" in kinds or "low_confidence" in kinds


def test_a_word_that_a_pdf_broke_in_two_is_said_whole_and_shown() -> None:
    script = normalize("Ủy ban th ông báo kh ô ng cấp nước")

    assert script.text == "Ủy ban thông báo không cấp nước."
    assert {doubt.kind for doubt in script.doubts} == {"missing_letters"}
    assert "“th ông” có vẻ là một từ bị tách rời, được đọc là “thông”" in sentence(script.doubts[0].reason)


def test_words_that_lost_the_space_between_them_are_said_apart_and_shown() -> None:
    script = normalize("UBNDxã mời HộiNghị")

    assert script.text == "Ủy ban nhân dân xã mời Hội Nghị."
    assert doubts("UBNDxã mời HộiNghị") == [("low_confidence", "UBNDxã"), ("low_confidence", "HộiNghị")]


def test_short_capitals_that_can_be_a_word_are_shown_but_not_among_capitals() -> None:
    assert doubts("Đội TAM họp") == [("unknown_acronym", "TAM")]
    assert doubts("ĐỀ NGHỊ BA CON") == []


def test_what_a_dash_ties_to_an_unknown_acronym_is_spelled_with_it() -> None:
    assert normalize("bệnh lao MDR-TB").text == "Bệnh lao em dê rờ tê bê."


def test_a_name_no_voice_can_say_is_cut_into_syllables_and_shown() -> None:
    script = normalize("buôn Kpam, làng Hring")

    assert script.text == "Buôn Cờ pam, làng Hơ rinh."
    assert [doubt.kind for doubt in script.doubts] == ["low_confidence", "low_confidence"]


def test_a_day_that_could_be_a_share_is_shown_and_an_ordinary_day_is_not() -> None:
    assert doubts("Đến 2/3 xã vẫn ngập") == [("low_confidence", "2/3")]
    assert doubts("Họp ngày 2/3 tại xã, hạn 2/4, tiêm đến hết 3/5.") == []
