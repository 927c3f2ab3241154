"""Why a reading is doubtful, in the officer's words, and how a sentence that lost its marks is recognised."""

import re
from collections.abc import Iterable, Iterator

from broadcaster.text.language.lexicon import words
from broadcaster.text.language.syllables import is_bare_syllable, is_syllable
from broadcaster.text.page.script import Doubt, Sentence

LOW_CONFIDENCE = "low_confidence"
UNKNOWN_ACRONYM = "unknown_acronym"
MISSING_MARKS = "missing_marks"
MISSING_LETTERS = "missing_letters"
UNREADABLE = "unreadable"

_REASONS = {
    LOW_CONFIDENCE: "Không chắc cách đọc “{}”; hãy nghe thử, hoặc thêm cách đọc vào từ điển đọc.",
    UNKNOWN_ACRONYM: (
        "Chưa biết “{}” viết tắt của gì nên đọc từng chữ cái; hãy viết đầy đủ hoặc thêm vào từ điển đọc."
    ),
    MISSING_MARKS: "“{}” có vẻ thiếu dấu; hãy gõ lại cho đủ dấu.",
    MISSING_LETTERS: "“{}” không phải là tiếng Việt, có vẻ thiếu chữ; hãy xem lại bản gốc.",
    UNREADABLE: "Không đọc được “{}” nên bỏ qua; hãy viết lại bằng chữ Việt.",
}
_SHOWN = 60
"""Characters of a doubtful stretch that a reason quotes."""
_NEVER_UNMARKED = words("never_unmarked")
_WORD = re.compile(r"[A-Za-z]+")


def reason(kind: str, written: str) -> str:
    """The Vietnamese sentence that tells an officer what is doubtful and what to do."""
    return _REASONS[kind].format(written if len(written) <= _SHOWN else written[:_SHOWN] + "…")


def two_ways(written: str, said: str) -> str:
    """The sentence for a date that could be a share of something."""
    return f"“{written}” được đọc là {said}; nếu là một phần của tổng số, hãy viết bằng chữ."


def shouted(written: str) -> str:
    """The sentence for a short word in capitals among small letters, which may be an acronym."""
    return f"“{written}” viết hoa cả chữ nhưng được đọc như một từ; nếu là chữ viết tắt, hãy viết đầy đủ."


def typed_without_marks(written: str, suggestion: str) -> str:
    """The sentence that shows which marks were probably meant."""
    shown = written if len(written) <= _SHOWN else written[:_SHOWN] + "…"
    return f"“{shown}” có vẻ thiếu dấu, có lẽ là “{suggestion}”; hãy xem lại rồi gõ cho đủ dấu."


def left_out(written: str) -> str:
    """The sentence for what is written for readers and not for listeners."""
    return f"“{written}” không dành cho người nghe nên không đọc."


def guessed(written: str, said: str) -> str:
    """The sentence for an abbreviation that can mean several things."""
    return f"“{written}” có thể hiểu nhiều cách, được đọc là “{said}”; nếu không đúng, hãy viết đầy đủ."


def broken(written: str, said: str) -> str:
    """The sentence for a word that was put together again."""
    return f"“{written}” có vẻ là một từ bị tách rời, được đọc là “{said}”; hãy xem lại bản gốc."


def lost_its_mark(word: str) -> bool:
    """Whether a lower-case word is a Vietnamese one without its mark: "duoc", "hop"."""
    return word.isascii() and (word in _NEVER_UNMARKED or (is_bare_syllable(word) and not is_syllable(word)))


def with_missing_marks(text: str, sentences: Iterable[Sentence], doubts: list[Doubt]) -> list[Doubt]:
    """The doubts of a text, with one for each sentence written without marks in place of those of its words."""
    unmarked = list(_unmarked(text, sentences))
    if not unmarked:
        return doubts
    covered = [(doubt.span.start, doubt.span.end) for doubt in unmarked]
    words_alone = (MISSING_MARKS, MISSING_LETTERS, LOW_CONFIDENCE)
    remaining = [
        doubt
        for doubt in doubts
        if doubt.kind not in words_alone or not any(start <= doubt.span.start < end for start, end in covered)
    ]
    return sorted([*remaining, *unmarked], key=lambda doubt: doubt.span.start)


def _unmarked(text: str, sentences: Iterable[Sentence]) -> Iterator[Doubt]:
    for sentence in sentences:
        written = text[sentence.source.start : sentence.source.end]
        if written.isascii() and _has_lost_marks(written):
            yield Doubt(sentence.source, written, sentence.text, MISSING_MARKS, reason(MISSING_MARKS, written))


def _has_lost_marks(written: str) -> bool:
    found = [word.lower() for word in _WORD.findall(written)]
    syllables = sum(map(is_bare_syllable, found))
    return len(found) >= 4 and syllables * 10 >= len(found) * 7 and any(map(lost_its_mark, found))
