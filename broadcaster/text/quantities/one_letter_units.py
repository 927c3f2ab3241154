"""Units of one letter, which mean what their field means: "trẻ 5t" is an age, "uống 2v" are pills, "18,75đ" points."""

import re

from broadcaster.text.language.lexicon import words
from broadcaster.text.page.cursor import TextCursor

_AGE_BOUNDS = words("age_bound")

_CHILDREN = words("child")
_ELDERS = words("elder")
_UPWARDS = words("upward")
"""cao 2m2 is a height, no area."""
_TAKEN = words("medicine")
_GOLD = words("gold")
_LIVED = words("lived")
_GOODS = words("goods")
_WEIGHED = words("weighed")
_SURNAMES = words("surname")
_AGED = words("aged")
_HIRED = words("hired")
_STRETCHED = words("span_separator")
_PHRASE_ENDS = ("", ",", ".", ";", ")", "\n")
_OLDEST = 110
"""Years."""
_MARKED = words("marked")
_STUDIED = words("studied")
_MARK = re.compile(r"\d{1,2},\d{1,2}")
_LIT = words("lit")
_BEATS = words("heartbeat")
_PULSE = {"l": "lần", "v": "vòng"}
_MANIFOLD = frozenset("tlvđK")
"""The last letters of units that mean several things."""
_A_MINUTE = re.compile(r" ?/ ?p(?:h|hút)?(?![^\W_])")
_SQUARES = {"mét vuông": "mét hai", "mét khối": "mét ba"}
_TO_HERE = re.compile(r"m\d? ?(?:-|đến|tới) ?$")
_HEIGHT = re.compile(r" (?:chiều )?(?:cao|sâu)(?![^\W_])")
_SENTENCE = 40
"""Words."""


def in_its_field(cursor: TextCursor, unit: tuple[str, str, int]) -> tuple[str, str]:
    """What a one-letter unit means to whom it is said: "trẻ 5t", "uống 2v", "điểm chuẩn 18,75đ"."""
    name, kind, stop = unit
    letter = cursor.text[stop - 1].lower() if cursor.capitals else cursor.text[stop - 1]
    if letter not in _MANIFOLD and name not in _SQUARES:
        return name, kind
    if name == "tấn" and letter == "t" and _is_age(cursor, stop):
        return "tuổi", "time"
    if name in _SQUARES and _is_high(cursor, stop):
        return _SQUARES[name], "measure"
    if letter in _PULSE and _A_MINUTE.match(cursor.text, stop) and (letter == "v" or cursor.said(_BEATS, within=8)):
        return _PULSE[letter], "measure"
    if name == "vôn" and letter == "v" and cursor.said(_TAKEN, within=12):
        return "viên", "measure"
    points = name == "đồng" and letter == "đ" and "." not in cursor.text[cursor.at : stop]
    far = _SENTENCE if "," in cursor.text[cursor.at : stop] else 8
    if points and cursor.said(_MARKED, within=far) and cursor.before[-1:] != ["phạt"]:
        return "điểm", "measure"
    if points and _MARK.fullmatch(cursor.text, cursor.at, stop - 1) and cursor.said(_STUDIED, within=far):
        return "điểm", "measure"
    if name == "nghìn" and letter == "K" and (cursor.said(_GOLD, within=6) or _is_colour(cursor, stop)):
        return "ca", "measure"
    return name, kind


def _is_high(cursor: TextCursor, stop: int) -> bool:
    """Whether the metres go up: "cao 2m2", "ngập sâu tới 1m2", "quá 1m2 chiều cao"."""
    if cursor.last_word() in _UPWARDS:
        return True
    if stop - cursor.at != len("1m2"):
        return False
    if cursor.said(_UPWARDS, within=3) or _HEIGHT.match(cursor.text, stop):
        return True
    # "1m - 1m3": the one end of a stretch tells what the other is.
    return _TO_HERE.search(cursor.text, max(0, cursor.at - 8), cursor.at) is not None


def _is_colour(cursor: TextCursor, stop: int) -> bool:
    """Whether the K is that of a lamp: "bóng 12W, ánh sáng 4000K"."""
    return stop - cursor.at == 5 and cursor.said(_LIT, within=12)


def _is_age(cursor: TextCursor, stop: int) -> bool:
    if cursor.next_word(stop) in _GOODS:
        return False
    if cursor.said(_CHILDREN, within=6) or cursor.last_word() in _LIVED or _is_a_person_s(cursor, stop):
        return True
    if cursor.said(_HIRED, within=8) and cursor.last_word() in _STRETCHED:
        return True
    two_figures = cursor.text[stop - 3 : stop - 1].isdecimal()
    if (
        two_figures
        and cursor.said(_ELDERS, within=3)
        and cursor.text[stop : stop + 1] in ("", ",", ".", ";", ")", "\n")
    ):
        return True
    return cursor.last_word() in _AGE_BOUNDS and cursor.said(_ELDERS, within=4)


def _is_a_person_s(cursor: TextCursor, stop: int) -> bool:
    """Whether the figure follows a person's name: "Cụ Trần Đình Tứ 87t", "Bà Hoàng Thị Lý, 90t"."""
    figures = cursor.text[cursor.at : stop - 1].strip()
    if not figures.isdecimal() or int(figures) > _OLDEST:
        return False
    pieces = [piece for piece in cursor.latest(8) if piece.words]
    if pieces and pieces[-1].words in (",", "("):
        pieces.pop()
    named = 0
    while pieces and pieces[-1].kind == "word" and cursor.text[pieces[-1].start].isupper():
        word = pieces.pop().words.lower()
        named += 1
        if (word in _SURNAMES and named > 1) or (word in _AGED and named > 1):
            return True
    return named > 0 and bool(pieces) and pieces[-1].words.lower() in _AGED


def may_be_an_age(cursor: TextCursor, stop: int) -> bool:
    """Whether the "t" of tons that ends at ``stop`` could be that of an age, for nothing around tells of a load."""
    figures = cursor.text[cursor.at : stop - 1].strip()
    if not figures.isdecimal() or int(figures) > _OLDEST or cursor.next_word(stop) in _GOODS:
        return False
    return not cursor.said(_WEIGHED, within=12)
