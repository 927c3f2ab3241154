"""Roman numerals, told apart from initials and syllables by the word before them: quý IV, khóa XX, lần thứ V."""

import re

from broadcaster.text.language.lexicon import words
from broadcaster.text.language.numbers import cardinal, ordinal
from broadcaster.text.language.syllables import is_syllable
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor

_DISTRICT_BEFORE = words("district_before")
_NUMERAL_SEPARATORS = words("numeral_separator")
_SYLLABLE_LIKE = words("syllable_like_numeral")

_BEFORE = words("roman_before")
_PETROL = words("petrol")
"""RON95-V: the numeral is the emission standard."""
_SECOND_SYLLABLES = words("second_syllable")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"(?=[IVXLC])(?P<numeral>(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?P<dot>\.?)(?![^\W_]| ?=)")
_QUARTER = re.compile(r"Q\.? ?(?P<numeral>IV|I{1,3}|[1-4](?= ?/ ?20\d\d))(?![^\W_])")
_AGAIN = re.compile(r"Q(?P<numeral>[1-4])(?![^\W_])")
_SAID_QUARTERS = words("said_quarter")
_FLOOD_LEVEL = re.compile(r"[Bb]\.?[Đđ]\.?[ .]?(?P<level>I{1,3}|[1-3])(?![^\W_]|[.,]\d)")
_NO_FLOOD_BEFORE = words("map_before")
_LIST_LABEL = re.compile(r"(?P<numeral>X{0,3}(?:IX|IV|V?I{0,3}))(?:[.)](?! ?\n)|/(?= )|(?= ?- )) ?(?!\d)")


def roman_value(numeral: str) -> int:
    """The number a Roman numeral stands for."""
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def _read_roman(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    numeral = found["numeral"]
    if not numeral or not (_announced(cursor) or _unmistakable(numeral)):
        return None
    if is_syllable(numeral.lower()) and cursor.next_word(found.end()) in _SECOND_SYLLABLES:
        return None
    value = roman_value(numeral)
    said = ordinal(value) if cursor.last_word() == "thứ" or _is_prize(cursor) else cardinal(value)
    return RuleReading(said, found.end("numeral"), "roman")


def _is_prize(cursor: TextCursor) -> bool:
    return cursor.last_word() == "giải" or (cursor.last_word() == "hạng" and "huân" in cursor.before[-6:])


def _read_quarter(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """Q.III/2026, QII, Q4/2026: quarters of a year; a city's district is numbered in figures."""
    numeral = found["numeral"]
    value = int(numeral) if numeral.isdecimal() else roman_value(numeral)
    name = "" if cursor.last_word() == "quý" else "quý "
    return RuleReading(f"{name}{cardinal(value)}", found.end(), "roman")


def _read_quarter_again(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """Q3, Q4 in figures, where the sentence has spoken of quarters."""
    district = cursor.last_word() in _DISTRICT_BEFORE
    return _read_quarter(cursor, found) if cursor.said(_SAID_QUARTERS, within=20) and not district else None


def _announced(cursor: TextCursor) -> bool:
    if cursor.last_word() in _BEFORE or (cursor.touching() and cursor.said(_PETROL, within=4)):
        return True
    last, previous = cursor.last(), cursor.last(2)
    joined = last is not None and (last.words == "," or last.words in _NUMERAL_SEPARATORS)
    return joined and previous is not None and previous.kind == "roman"


def _unmistakable(numeral: str) -> bool:
    return len(numeral) > 1 and numeral not in _SYLLABLE_LIKE


def _read_flood_level(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """BĐ II, BĐ3: the levels of alarm at a gauge; "tờ BĐ 2" is a map."""
    if cursor.last_word() in _NO_FLOOD_BEFORE:
        return None
    level = int(found["level"]) if found["level"].isdecimal() else len(found["level"])
    name = "" if cursor.before[-2:] == ["báo", "động"] else "báo động "
    return RuleReading(f"{name}{cardinal(level)}", found.end(), "roman")


def _read_label(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if found["numeral"] in ("", "X") or not cursor.at_line_start():
        return None
    return RuleReading(f"{cardinal(roman_value(found['numeral']))},", found.end(), "roman")


ROMAN_LABEL = ReadingRule(_LIST_LABEL, _read_label, lead="IVX")
QUARTER = ReadingRule(_QUARTER, _read_quarter, lead="Q")
QUARTER_AGAIN = ReadingRule(_AGAIN, _read_quarter_again, lead="Q")
FLOOD_LEVEL = ReadingRule(_FLOOD_LEVEL, _read_flood_level, lead="Bb")
ROMAN_NUMERAL = ReadingRule(_ROMAN, _read_roman, lead="IVXLC")
