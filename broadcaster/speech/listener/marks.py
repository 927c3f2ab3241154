"""Which of the true words a listener did not make out: numbers and dates first, as a wrong one sends people wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

UNHEARD_NATS = 6.0
"""A word that surprises so much was not made out: the listener held it for one in four hundred."""
UNHEARD_FIGURE_NATS = 5.0
"""The same for a word of a number: one in a hundred and fifty."""
MOST_MARKS = 12
_FIGURES = frozenset(
    (
        *("không", "một", "mốt", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "tám", "chín", "mười", "mươi"),
        *("linh", "lẻ", "trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "rưỡi", "phẩy", "phần"),
        *("ngày", "tháng", "giờ", "phút", "thứ", "quý", "mét", "đồng", "độ"),
    )
)
"""Words of numbers, dates and times of the day."""


@dataclass(frozen=True, slots=True)
class WordMark:
    """One word the listener did not make out.

    at: its place among all words, from 0; word: as it is said; figure: whether it belongs to a number or date.
    before, after: up to two words beside it, so that people find it.
    nats: how surprised the listener was.
    """

    at: int
    word: str
    figure: bool
    before: str
    after: str
    nats: float


def words_of(sentence: str) -> list[str]:
    """The words of a sentence as the listener is asked for them: lower case, without signs."""
    return "".join(each if each.isalpha() else " " for each in sentence.lower()).split()


def marks(words: Sequence[str], nats: Sequence[float]) -> list[WordMark]:
    """What is worth hearing again, the worst of numbers and dates first, then the worst of the others."""
    found = [
        WordMark(
            at=at,
            word=word,
            figure=word in _FIGURES,
            before=" ".join(words[max(0, at - 2) : at]),
            after=" ".join(words[at + 1 : at + 3]),
            nats=round(surprise, 1),
        )
        for at, (word, surprise) in enumerate(zip(words, nats, strict=True))
        if surprise >= (UNHEARD_FIGURE_NATS if word in _FIGURES else UNHEARD_NATS)
    ]
    return sorted(found, key=lambda each: (not each.figure, -each.nats, each.at))[:MOST_MARKS]
