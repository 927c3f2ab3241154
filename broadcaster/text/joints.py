"""The marks between two readings: a dash that means "đến" or "trừ", a minus, a tilde."""

import re

from broadcaster.text.fractions import in_match
from broadcaster.text.letters import LOWER, UPPER
from broadcaster.text.lexicon import words
from broadcaster.text.place import Piece, Place, Reading, Rule
from broadcaster.text.quantities import unit_at

_COUNTABLE = frozenset(("number", "unit", "money", "time", "date", "roman", "code"))
_HOLIDAY = words("feast_before")
_ROUGH = re.compile(r" ?- ?")
_NEXT_FIGURE = re.compile(r" ?- ?(?P<figure>\d[\d.,]*)(?P<over>/\d)?")
_NEXT_NAME = re.compile(
    r" ?- ?(?:thứ |[Tt]\d|[Qq]uý |(?P<roman>[IVX]{1,5}(?![^\W_]))|CN(?![^\W_])|(?P<named>[^\W\d_]{2,8}) ?\d)"
)
_DEGREES = re.compile(r"\d{1,2}(?:,\d)? ?(?:°|oC|độ)")
_ONE_MORE_TIME = re.compile(r"- ?\d{1,2}[hg]\d{0,2} ?- ?\d{1,2}[hg]")
_NEXT_WEEKDAY = re.compile(r"- ?(?:[Tt]hứ |[Cc]hủ nhật|CN(?![^\W_]))")
_WEEKDAY_NEXT = re.compile(r" ?- ?[3-7](?![\d/.,-]|[^\W_])")
_UNDER = re.compile(r"<|dưới \d")
_SCALES = words("scale")
_CLASS = re.compile(r"\d{1,2}[A-ZĐ]\d{0,2}$")
_NEXT_CLASS = re.compile(r" ?- ?\d{1,2}[A-ZĐ]\d{0,2}(?![^\W_])")
_AMOUNTS = words("amount")
_EQUAL_LATER = re.compile(r"- [^=\n;:!?,()]{1,60}=")
_EQUAL_NEXT = re.compile(r" ?- ?[\d.,]{1,20} ?(?:[^\W\d_]{1,6} ?)?=")
_EQUAL_BEFORE = re.compile(r"= ?[^\W\d_][^=\n;:!?,()]*$")
_TERM = re.compile(rf"[{LOWER}\d]|[{UPPER}]{{2}}")
_FORMULA = 80
"""Characters of the longest term of a sum."""
_DAY_AND_MONTH = re.compile(r"\d{1,2}[/-]\d{1,2}(?!\d)")


def _read_dash(place: Place, found: re.Match[str]) -> Reading | None:
    if _takes_away(place):
        return Reading("trừ", found.end(), "word")
    if place.last_kind() in _COUNTABLE and _UNDER.match(place.text, found.end()):
        return Reading("đến", found.end(), "word")
    if (
        place.last_word() in ("nay", "mai")
        and "từ" in place.before[-4:]
        and _DAY_AND_MONTH.match(place.text, found.end())
    ):
        return Reading("đến", found.end(), "word")
    if place.before[-2:-1] == ["thứ"] and _WEEKDAY_NEXT.match(place.text, place.at):
        return Reading("đến thứ", found.end(), "word")
    weekdays = place.before[-2:-1] == ["thứ"] and _NEXT_WEEKDAY.match(place.text, place.at)
    if weekdays or (place.last_kind() in _COUNTABLE and _joins_range(place)):
        return Reading("đến", found.end(), "word")
    if place.last_word() in _SCALES and place.last_kind() == "word" and _NEXT_FIGURE.match(place.text, place.at):
        return Reading("đến", found.end(), "word")
    if place.last_kind() == "phone" or place.last_kind() == "account":
        return Reading(",", found.end(), "mark")
    return _read_minus(place, found)


def _takes_away(place: Place) -> bool:
    """Whether the dash stands in a sum: "còn lại = tổng thu - tổng chi", "500.000 - 120.000 = 380.000"."""
    text, at = place.text, place.at
    if place.last_kind() in ("number", "money", "unit"):
        return _EQUAL_NEXT.match(text, at) is not None
    if place.last_kind() != "word" or place.touching() or not text.startswith("- ", at):
        return False
    if _EQUAL_BEFORE.search(text, max(0, at - _FORMULA), at):
        return _TERM.match(text, at + 2) is not None
    named = place.said(_AMOUNTS, within=4) and place.next_word(at + 1) in _AMOUNTS
    return named and _EQUAL_LATER.match(text, at) is not None


def _joins_range(place: Place) -> bool:
    if _ONE_MORE_TIME.match(place.text, place.at) or _in_list_of_times(place):
        return False
    figure = _NEXT_FIGURE.match(place.text, place.at)
    if not figure:
        return _names_again(place)
    last = place.last()
    if last is not None and last.kind == "code" and _CLASS.match(place.text[last.start : last.end]):
        return _NEXT_CLASS.match(place.text, place.at) is not None
    if last is None or last.kind == "code" or _between_holidays(place):
        return False
    if last.kind == "roman" and len(figure["figure"].rstrip(".,")) == 4:
        return False
    return not (last.kind == "unit" and (figure["over"] or _other_unit(place, last, figure.end())))


def _other_unit(place: Place, last: Piece, at: int) -> bool:
    """Whether another unit stands at ``at``: "180kVA - 35kV" and "12V-10A" list two figures of a machine."""
    after = unit_at(place.text, at)
    if after is None:
        return place.text[at : at + 1].isupper()
    return not last.words.endswith(after[0])


def _in_list_of_times(place: Place) -> bool:
    joint = place.last(2)
    return place.last_kind() == "time" and joint is not None and joint.words == "," and place.text[joint.start] == "-"


def _names_again(place: Place) -> bool:
    """Whether the thing that was just numbered comes again: "cấp 3 - cấp 4", "Km12-Km15", "thứ 2 - thứ 6"."""
    again = _NEXT_NAME.match(place.text, place.at)
    if not again:
        return False
    if not again["named"]:
        # "RON95-III" is one name; "quý I-III" is a range.
        return place.last_kind() == "roman" if again["roman"] else place.last_kind() != "code"
    last, named = place.last(), place.last(2)
    if last is not None and last.kind == "code":
        return place.text.startswith(again["named"], last.start)
    if named is None or in_match(place):
        return False
    return again["named"].lower() in (named.words.lower(), place.text[named.start : named.end].lower())


def _between_holidays(place: Place) -> bool:
    last = place.last()
    whole = last is None or last.kind != "date" or "năm" in last.words
    return not whole and not _HOLIDAY.isdisjoint(place.before) and "từ" not in place.before


def _read_minus(place: Place, found: re.Match[str]) -> Reading | None:
    after = place.text[found.end() : found.end() + 1]
    tight = after.isdecimal() and place.text[found.end() - 1] == "-"
    alone = not place.touching() or place.text[place.at - 1] == "("
    if tight and alone and not place.at_line_start():
        return Reading("âm", found.end(), "word")
    if place.at_line_start():
        below_zero = tight and _DEGREES.match(place.text, found.end())
        return Reading("âm", found.end(), "word") if below_zero else Reading("", found.end(), "break")
    if place.last_kind() in ("date", "time") or (place.last_kind() == "number" and after.islower()):
        return Reading(",", found.end(), "mark")
    if place.touching() and place.text[place.at] == "-" and not found.group().endswith(" "):
        return Reading("", found.end(), "word")
    return Reading(",", found.end(), "mark")


def _read_tilde(place: Place, found: re.Match[str]) -> Reading:
    between = place.last_kind() in _COUNTABLE and place.last_kind() != "code"
    return Reading("đến" if between else "khoảng", found.end())


RULES_OF_TILDE = (Rule(re.compile(r"~ ?(?=\d)"), _read_tilde),)
RULES_OF_DASH = (Rule(_ROUGH, _read_dash),)
