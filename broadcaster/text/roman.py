"""Roman numerals, told apart from initials and syllables by the word before them: quý IV, khóa XX, lần thứ V."""

import re

from broadcaster.text.lexicon import words
from broadcaster.text.numbers import cardinal, ordinal
from broadcaster.text.place import Place, Reading, Rule
from broadcaster.text.syllables import is_syllable

_BEFORE = words("roman_before")
_PETROL = words("petrol")
"""RON95-V: the numeral is the emission standard."""
_SECOND_SYLLABLES = words("second_syllable")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN = re.compile(r"(?=[IVXLC])(?P<numeral>(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?P<dot>\.?)(?![^\W_])")
_QUARTER = re.compile(r"Q\.? ?(?P<numeral>IV|I{1,3}|[1-4](?= ?/ ?20\d\d))(?![^\W_])")
_AGAIN = re.compile(r"Q(?P<numeral>[1-4])(?![^\W_])")
_SAID_QUARTERS = words("said_quarter")
_LIST_LABEL = re.compile(r"(?P<numeral>X{0,3}(?:IX|IV|V?I{0,3}))(?:[.)](?! ?\n)|/(?= )|(?= ?- )) ?(?!\d)")


def roman_value(numeral: str) -> int:
    """The number a Roman numeral stands for."""
    values = [_VALUES[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def _read_roman(place: Place, found: re.Match[str]) -> Reading | None:
    numeral = found["numeral"]
    if not numeral or not (_announced(place) or _unmistakable(numeral)):
        return None
    if is_syllable(numeral.lower()) and place.next_word(found.end()) in _SECOND_SYLLABLES:
        return None
    value = roman_value(numeral)
    said = ordinal(value) if place.last_word() == "thứ" or _is_prize(place) else cardinal(value)
    return Reading(said, found.end("numeral"), "roman")


def _is_prize(place: Place) -> bool:
    return place.last_word() == "giải" or (place.last_word() == "hạng" and "huân" in place.before[-6:])


def _read_quarter(place: Place, found: re.Match[str]) -> Reading:
    """Q.III/2026, QII, Q4/2026: quarters of a year; a city's district is numbered in figures."""
    numeral = found["numeral"]
    value = int(numeral) if numeral.isdecimal() else roman_value(numeral)
    name = "" if place.last_word() == "quý" else "quý "
    return Reading(f"{name}{cardinal(value)}", found.end(), "roman")


def _read_quarter_again(place: Place, found: re.Match[str]) -> Reading | None:
    """Q3, Q4 in figures, where the sentence has spoken of quarters."""
    district = place.last_word() in ("ở", "tại", "về")
    return _read_quarter(place, found) if place.said(_SAID_QUARTERS, within=20) and not district else None


def _announced(place: Place) -> bool:
    if place.last_word() in _BEFORE or (place.touching() and place.said(_PETROL, within=4)):
        return True
    last, previous = place.last(), place.last(2)
    joined = last is not None and last.words in ("đến", "và", ",", "hoặc", "trên")
    return joined and previous is not None and previous.kind == "roman"


def _unmistakable(numeral: str) -> bool:
    return len(numeral) > 1 and numeral not in (
        "VI",
        "XI",
        "XL",
        "LI",
        "LV",
        "XX",
        "XXX",
        "MI",
        "CV",
        "CC",
        "CX",
        "CL",
        "XC",
        "LX",
    )


def _read_label(place: Place, found: re.Match[str]) -> Reading | None:
    if found["numeral"] in ("", "X") or not place.at_line_start():
        return None
    return Reading(f"{cardinal(roman_value(found['numeral']))},", found.end(), "roman")


RULES = (
    Rule(_LIST_LABEL, _read_label),
    Rule(_QUARTER, _read_quarter),
    Rule(_AGAIN, _read_quarter_again),
    Rule(_ROMAN, _read_roman),
)
