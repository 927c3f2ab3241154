"""Words that a PDF broke in two: "th ông báo", "Đề ngh ị", "kh ô ng" are one word each, and are shown as doubtful."""

import re

from broadcaster.text.doubts import MISSING_LETTERS, broken
from broadcaster.text.letters import LOWER
from broadcaster.text.lexicon import words
from broadcaster.text.place import Place, Reading
from broadcaster.text.syllables import is_syllable

_HEADS = words("onsets", file="syllables")
_TAILS = frozenset(("c", "ch", "m", "n", "ng", "nh", "p", "t"))
_REST = re.compile(rf" ([{LOWER}]{{1,6}})(?![^\W_])")
_NAMED = words("class_before") | words("version_before") | words("named_by_letter")
"""Words that a letter by itself may follow: nhóm b, điểm c."""
_FREE = words("vowel_words")
"""Words that begin with a vowel: "khu B ưu tiên" is no "bưu tiên"."""
_MEASURED = frozenset(("number", "unit", "money", "rate", "time"))


def mend(place: Place, word: str, end: int) -> Reading | None:
    """The whole word, when what stands under the finger is a part of one; None when it is not."""
    return _with_rest(place, word, end) or _with_head(place, word, end)


def _with_rest(place: Place, word: str, end: int) -> Reading | None:
    rest = _REST.match(place.text, end, place.limit)
    if rest is None or place.last_kind() in _MEASURED:
        return None
    if word.lower() not in _HEADS and (len(word) < 2 or rest[1] not in _TAILS):
        return None
    if len(word) == 1 and rest[1] in _FREE and (word.isupper() or place.last_word() in _NAMED):
        return None
    whole = word + rest[1]
    if not is_syllable(whole.lower()) or (word.lower() in _HEADS and rest[1][0] in "bcdđghklmnpqrstvx"):
        return None
    return _reading(place, place.at, rest.end(), whole)


def _with_head(place: Place, word: str, end: int) -> Reading | None:
    last = place.last()
    if word not in _TAILS or last is None or last.kind != "word" or place.last_word() in _NAMED:
        return None
    near = place.text[last.start : place.at].replace(" ", "") == last.words and place.text[place.at - 1] == " "
    whole = last.words + word
    if not near or not last.words.isalpha() or not is_syllable(whole.lower()):
        return None
    place.take_back()
    return _reading(place, last.start, end, whole)


def _reading(place: Place, start: int, end: int, whole: str) -> Reading:
    return Reading(whole, end, "word", MISSING_LETTERS, broken(place.text[start:end], whole))
