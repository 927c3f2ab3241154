"""What abbreviations mean by what stands around them, and what is only guessed."""

import pytest

from broadcaster.refusals.sentences import sentence
from broadcaster.text import normalize
from broadcaster.text.language.lexicon import table
from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.words.meanings import KNOWN, PHONE


def doubted(text: str) -> list[str]:
    return [doubt.written for doubt in normalize(text).doubts]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Xe công nông k qua được cầu tạm.", "Xe công nông không qua được cầu tạm."),
        ("K có điện từ trưa nên loa nghỉ.", "Không có điện từ trưa nên loa nghỉ."),
        ("CHIỀU NAY KO CÓ LỊCH TIÊM", "Chiều nay không có lịch tiêm."),
        ("xóm 2 k có nước, thôn 5 ko họp", "Xóm hai không có nước, thôn năm không họp."),
        ("mai có họp k ạ", "Mai có họp không ạ."),
        ("khối k và tổ K", "Khối ca và tổ ca."),
        ("giá 300 k một chiếc", "Giá ba trăm nghìn một chiếc."),
    ],
)
def test_a_negation_is_never_lost(written: str, said: str) -> None:
    assert normalize(written).text == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Mời ô Thành và a Quý lên xã.", "Mời ông Thành và anh Quý lên xã."),
        ("Gặp: c Lan, e Hà, a Sơn", "Gặp: chị Lan, em Hà, anh Sơn."),
        ("a/c em ai rảnh thì ra", "Anh chị em ai rảnh thì ra."),
        ("Điểm a Khoản 2, nhóm b, vitamin e", "Điểm a Khoản hai, nhóm bê, vi ta min e."),
        ("Nhắn cho e nha, e giao tận nhà", "Nhắn cho em nha, em giao tận nhà."),
    ],
)
def test_a_letter_before_a_name_is_a_person_and_a_letter_of_a_list_is_none(written: str, said: str) -> None:
    assert normalize(written).text == said


def test_the_same_letters_mean_what_their_surroundings_tell() -> None:
    assert normalize("đi vs kênh mương").text == "Đi vệ sinh kênh mương."
    assert normalize("đăng ký vs anh Hòa").text == "Đăng ký với anh Hòa."
    assert normalize("nộp hs vay vốn cho hs nghèo").text == "Nộp hồ sơ vay vốn cho học sinh nghèo."


def test_what_nothing_around_tells_is_guessed_and_shown() -> None:
    script = normalize("Mời b Nga lên xã")
    (doubt,) = script.doubts

    assert (doubt.written, doubt.reading, doubt.kind) == ("b", "bà", "low_confidence")
    assert "có thể hiểu nhiều cách" in sentence(doubt.reason)
    assert doubted("Hồ sơ của CT gửi TT") == ["CT", "TT"]
    assert doubted("Chương trình của TT văn hóa") == []


def test_an_acronym_nobody_explained_is_put_together_from_known_parts_and_shown() -> None:
    assert normalize("Tổ QLNNXD họp").text == "Tổ quản lý nhà nước xây dựng họp."
    assert doubted("Tổ QLNNXD họp") == ["QLNNXD"]


def test_what_everybody_writes_in_capitals_is_known_in_small_letters() -> None:
    assert normalize("phhs và nvqs").text == "Phụ huynh học sinh và nghĩa vụ quân sự."


def test_no_real_syllable_is_taken_for_an_abbreviation_everywhere() -> None:
    everywhere = {written for written, meanings in PHONE.items() if any(meaning.holds is None for meaning in meanings)}
    shortened = {"ko", "lun", "nhìu", "rùi"}

    assert {written for written in everywhere if len(written) > 1 and is_syllable(written)} == shortened


def test_the_last_meaning_of_an_acronym_is_the_one_for_everywhere() -> None:
    for meanings in (*KNOWN.values(), *PHONE.values()):
        assert all(meaning.holds is not None for meaning in meanings[:-1]) or len(meanings) > 1


def test_every_row_of_the_telephone_s_table_is_in_small_letters() -> None:
    assert [row[0] for row in table("phone") if row[0] != row[0].lower()] == []
