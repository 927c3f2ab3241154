"""The commune's reading dictionary: its rules, its file and its errors."""

import pytest

from broadcaster.refusals.reasons import Reason
from broadcaster.text import DictionaryError, ReadingDictionary, ReadingEntry, normalize


def test_the_commune_s_reading_goes_before_every_rule() -> None:
    dictionary = ReadingDictionary((ReadingEntry("Kniêr", "Cờ ni ê"), ReadingEntry("QL3", "đường quốc lộ ba")))

    assert normalize("Buôn Kniêr gần QL3", dictionary=dictionary).text == "Buôn Cờ ni ê gần đường quốc lộ ba."


def test_case_counts_only_when_the_entry_says_so() -> None:
    any_case = ReadingDictionary((ReadingEntry("hợp tác", "hợp tác xã"),))
    same_case = ReadingDictionary((ReadingEntry("TAM", "tờ a em", match_case=True),))

    assert normalize("HỢP TÁC Minh Tâm", dictionary=any_case).text == "Hợp tác xã Minh Tâm."
    assert normalize("lớp TAM và tam giác", dictionary=same_case).text == "Lớp tờ a em và tam giác."


def test_an_entry_stands_alone_unless_it_says_otherwise() -> None:
    whole = ReadingDictionary((ReadingEntry("an", "bình an"),))
    part = ReadingDictionary((ReadingEntry("Ea", "Ê a", whole_word=False),))

    assert normalize("an toàn, cơ quan", dictionary=whole).text == "Bình an toàn, cơ quan."
    assert normalize("xã EaKar", dictionary=part).text == "Xã Ê a Ca."


def test_the_longest_entry_wins_and_the_later_of_two_equal_ones() -> None:
    dictionary = ReadingDictionary(
        (ReadingEntry("Đa Lộc", "sai"), ReadingEntry("xã Đa Lộc", "xã Đa Lộc mới"), ReadingEntry("Đa Lộc", "đúng"))
    )

    assert normalize("xã Đa Lộc và Đa Lộc", dictionary=dictionary).text == "Xã Đa Lộc mới và đúng."


def test_an_entry_written_with_loose_marks_or_signs_is_found() -> None:
    dictionary = ReadingDictionary(
        (ReadingEntry("5 không 3 sạch", "năm không ba sạch"), ReadingEntry("Đà Bắc", "Đà Bắc cũ"))
    )

    assert normalize("vận động 5 không 3 sạch", dictionary=dictionary).text == "Vận động năm không ba sạch."
    assert normalize("huyện Đà  Bắc", dictionary=dictionary).text == "Huyện Đà Bắc cũ."


def test_an_entry_inside_a_longer_word_or_shape_is_found() -> None:
    dictionary = ReadingDictionary(
        (ReadingEntry("kar", "ca", whole_word=False), ReadingEntry("Bản Đ\u00f4\u0323n", "bản Đôn"))
    )

    assert normalize("xã Eakar, bản Độn", dictionary=dictionary).text == "Xã ê a ca, bản Đôn."


def test_a_reading_that_no_voice_can_say_is_read_first() -> None:
    dictionary = ReadingDictionary((ReadingEntry("QL3", "quốc lộ 3"),))

    assert normalize("đường QL3 cũ", dictionary=dictionary).text == "Đường quốc lộ ba cũ."


def test_a_doubt_is_gone_once_the_commune_has_said_how_to_read_it() -> None:
    text = "Đội XQK họp"

    assert [doubt.kind for doubt in normalize(text).doubts] == ["unknown_acronym"]
    assert not normalize(text, dictionary=ReadingDictionary((ReadingEntry("XQK", "xung quanh kênh"),))).doubts


def test_a_dictionary_survives_its_file() -> None:
    dictionary = ReadingDictionary(
        (ReadingEntry("A", "a", match_case=True), ReadingEntry("Ea", "ê a", whole_word=False))
    )

    assert ReadingDictionary.from_tsv(dictionary.to_tsv()) == dictionary


def test_the_version_follows_the_content() -> None:
    one, same = ReadingDictionary((ReadingEntry("Ea", "ê a"),)), ReadingDictionary.from_tsv("Ea\tê a\n")

    assert one.version == same.version
    assert one.version != ReadingDictionary((ReadingEntry("Ea", "i a"),)).version


def test_a_file_from_a_spreadsheet_is_read() -> None:
    content = "\ufeffwritten\treading\tmatch_case\twhole_word\r\n# ghi chú\r\n\r\nEa Tu\tÊ a Tu\tkhông\tcó\r\n"

    assert ReadingDictionary.from_tsv(content).entries == (ReadingEntry("Ea Tu", "Ê a Tu"),)


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        ("Ea Tu\tÊ a Tu\nKniêr", 2, Reason("dictionary.columns_missing")),
        ("\tÊ a", 1, Reason("dictionary.columns_missing")),
        ("Ea\tê a\tcó\tcó\tthừa", 1, Reason("dictionary.too_many_columns", count=5)),
        ("Ea\tê a\tchắc", 1, Reason("dictionary.flag_unknown", written="chắc")),
        ("QL3\tquốc lộ 3", 1, Reason("dictionary.reading_with_signs", reading="quốc lộ 3")),
        ("Ea\t???", 1, Reason("dictionary.reading_with_signs", reading="???")),
    ],
)
def test_a_bad_line_is_named_with_the_reason(content: str, line: int, why: Reason) -> None:
    with pytest.raises(DictionaryError, match=r"^dictionary\.") as error:
        ReadingDictionary.from_tsv(content)

    assert (error.value.line, error.value.reason) == (line, why)


def test_an_entry_that_says_or_means_nothing_is_passed_over() -> None:
    dictionary = ReadingDictionary((ReadingEntry("\u200b", "không"), ReadingEntry(" ", "không")))

    assert normalize("Họp thôn", dictionary=dictionary).text == "Họp thôn."


def test_a_reading_is_final_and_never_read_again() -> None:
    dictionary = ReadingDictionary(
        (ReadingEntry("KIA", "kia"), ReadingEntry("BC", "bc trăm, a"), ReadingEntry("HS", "hs"))
    )

    assert normalize("xe KIA, BC, HS", dictionary=dictionary).text == "Xe kia, bc trăm, a, hs."
