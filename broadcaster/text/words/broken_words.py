"""Words that a PDF broke in two: "th ông báo", "Đề ngh ị", "kh ô ng" are one word each, and are shown as doubtful."""

import re

from broadcaster.text.language.letters import LOWER
from broadcaster.text.language.lexicon import words
from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.page.cursor import RuleReading, TextCursor
from broadcaster.text.page.doubts import MISSING_LETTERS, broken

_HEADS = words("onsets", file="syllables")
_TAILS = words("codas", file="syllables")
_REST = re.compile(rf" ([{LOWER}]{{1,6}})(?![^\W_])")
_NAMED = words("class_before") | words("version_before") | words("named_by_letter")
"""Words that a letter by itself may follow: nhóm b, điểm c."""
_FREE = words("vowel_words")
"""Words that begin with a vowel: "khu B ưu tiên" is no "bưu tiên"."""
_MEASURED = frozenset(("number", "unit", "money", "rate", "time"))


def mend(cursor: TextCursor, word: str, end: int) -> RuleReading | None:
    """The whole word, when what stands under the finger is a part of one; None when it is not."""
    return _with_rest(cursor, word, end) or _with_head(cursor, word, end)


def _with_rest(cursor: TextCursor, word: str, end: int) -> RuleReading | None:
    rest = _REST.match(cursor.text, end, cursor.limit)
    if rest is None or cursor.last_kind() in _MEASURED:
        return None
    if word.lower() not in _HEADS and (len(word) < 2 or rest[1] not in _TAILS):
        return None
    if len(word) == 1 and rest[1] in _FREE and (word.isupper() or cursor.last_word() in _NAMED):
        return None
    whole = word + rest[1]
    if not is_syllable(whole.lower()) or (word.lower() in _HEADS and rest[1][0] in "bcdđghklmnpqrstvx"):
        return None
    return _reading(cursor, cursor.at, rest.end(), whole)


def _with_head(cursor: TextCursor, word: str, end: int) -> RuleReading | None:
    last = cursor.last()
    if word not in _TAILS or last is None or last.kind != "word" or cursor.last_word() in _NAMED:
        return None
    near = cursor.text[last.start : cursor.at].replace(" ", "") == last.words and cursor.text[cursor.at - 1] == " "
    whole = last.words + word
    if not near or not last.words.isalpha() or not is_syllable(whole.lower()):
        return None
    cursor.take_back()
    return _reading(cursor, last.start, end, whole)


def _reading(cursor: TextCursor, start: int, end: int, whole: str) -> RuleReading:
    return RuleReading(whole, end, "word", MISSING_LETTERS, broken(cursor.text[start:end], whole))
