from hypothesis import given
from hypothesis import strategies as st

from broadcaster.speech.clauses import packed_clauses


def test_a_short_sentence_stays_whole() -> None:
    assert packed_clauses("Kính chào bà con, xin chú ý!", limit=100) == ["Kính chào bà con, xin chú ý!"]


def test_a_long_sentence_is_cut_where_a_speaker_breathes() -> None:
    sentence = "Đề nghị bà con tiêm phòng, vệ sinh chuồng trại, và báo ngay cho thú y xã"
    assert packed_clauses(sentence, limit=50) == [
        "Đề nghị bà con tiêm phòng, vệ sinh chuồng trại,",
        "và báo ngay cho thú y xã",
    ]


def test_a_clause_that_is_too_long_is_cut_between_words() -> None:
    assert packed_clauses("một hai ba bốn năm sáu", limit=11) == ["một hai ba", "bốn năm sáu"]


@given(st.text(alphabet="abcđêờ ,.;", max_size=400), st.integers(1, 100))
def test_nothing_is_lost_and_nothing_is_too_long(sentence: str, limit: int) -> None:
    pieces = packed_clauses(sentence, limit=limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(sentence.split())
