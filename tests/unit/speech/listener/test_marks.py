"""What the listener did not make out: numbers and dates first."""

from broadcaster.speech.listener.marks import MOST_MARKS, marks, words_of


def test_words_are_asked_for_without_signs() -> None:
    assert words_of("Ngày hai mươi, tháng Mười; bà con!") == ["ngày", "hai", "mươi", "tháng", "mười", "bà", "con"]


def test_numbers_and_dates_stand_first_however_bad_the_others_are() -> None:
    words = words_of("mời bà con họp ngày hai mươi chín")
    found = marks(words, [0.1, 12.0, 0.2, 7.0, 0.1, 0.3, 5.5, 9.0])
    assert [(each.word, each.figure) for each in found] == [
        ("chín", True),
        ("mươi", True),
        ("bà", False),
        ("họp", False),
    ]
    assert (found[0].before, found[0].after) == ("hai mươi", "")
    assert (found[3].before, found[3].after) == ("bà con", "ngày hai")


def test_what_was_made_out_is_not_marked_and_the_list_stays_short() -> None:
    assert marks(["họp", "thôn"], [1.0, 3.0]) == []
    assert len(marks(["họp"] * 50, [9.0] * 50)) == MOST_MARKS
