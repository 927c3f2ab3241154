"""The marks between two readings: a dash that means "đến", a minus, a slash that means "một" or "trên"."""

import re

from broadcaster.text.fractions import in_match
from broadcaster.text.place import Piece, Place, Reading, Rule
from broadcaster.text.quantities import unit_at

_COUNTABLE = frozenset(("number", "unit", "money", "time", "date", "roman", "code"))
_RATED = frozenset(("unit", "money", "rate", "time"))
_HOLIDAY = frozenset(("lễ", "dịp", "niệm", "mừng"))
_ROUGH = re.compile(r" ?- ?")
_SLASH = re.compile(r" ?/ ?")
_NEXT_FIGURE = re.compile(r" ?- ?(?P<figure>\d[\d.,]*)(?P<over>/\d)?")
_NEXT_NAME = re.compile(
    r" ?- ?(?:thứ |[Tt]\d|[Qq]uý |(?P<roman>[IVX]{1,5}(?![^\W_]))|CN(?![^\W_])|(?P<named>[^\W\d_]{2,8}) ?\d)"
)
_DEGREES = re.compile(r"\d{1,2}(?:,\d)? ?(?:°|oC|độ)")
_PHYSICAL_WORDS = ("giờ", "phút", "giây", "lít")
_EVERYDAY = ("giờ", "phút", "giây", "phần trăm")
_ONE_MORE_TIME = re.compile(r"- ?\d{1,2}[hg]\d{0,2} ?- ?\d{1,2}[hg]")
_NEXT_WEEKDAY = re.compile(r"- ?(?:[Tt]hứ |[Cc]hủ nhật|CN(?![^\W_]))")
_WEEKDAY_NEXT = re.compile(r" ?- ?[3-7](?![\d/.,-]|[^\W_])")
_UNDER = re.compile(r"<|dưới \d")
_SCALES = frozenset(("trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ"))
_FREQUENCY = re.compile(r"\d{1,3} ?(?:Hz|HZ|hz|A|W)(?![^\W_])")
_CLASS = re.compile(r"\d{1,2}[A-ZĐ]\d{0,2}$")
_NEXT_CLASS = re.compile(r" ?- ?\d{1,2}[A-ZĐ]\d{0,2}(?![^\W_])")
_GIVEN = frozenset(("cấp", "phát", "trao", "tặng", "trợ", "chia", "giao", "pha", "bón", "rắc", "thưởng", "phân"))
_LONE_ONE = re.compile(r"1(?![\d.,])")
_DAY_AND_MONTH = re.compile(r"\d{1,2}[/-]\d{1,2}(?!\d)")
_SHARED = re.compile(r" ?/ ?\d")
_COUNTED = re.compile(r"[\d.,]+ ?(?P<noun>[^\W\d_]{1,20})")
_YEAR = re.compile(r" ?/ ?(?:19|20)\d\d(?!\d)")


def _read_dash(place: Place, found: re.Match[str]) -> Reading | None:
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


def _read_slash(place: Place, found: re.Match[str]) -> Reading | None:
    if place.last_kind() == "roman" and _YEAR.match(place.text, place.at):
        return Reading("năm", found.end(), "word")
    last = place.last()
    if last is None or last.kind == "mark":
        per = last is not None and _counts_in_brackets(place, last, found.end())
        return Reading("một", found.end(), "rate") if per else Reading(",", found.end(), "mark")
    if last.words.endswith("vôn") and _FREQUENCY.match(place.text, found.end()):
        return Reading(",", found.end(), "mark")
    if last.kind == "time" and _DAY_AND_MONTH.match(place.text, found.end()):
        return Reading("ngày", found.end(), "word")
    next_letter = place.text[found.end() : found.end() + 1]
    per_word = last.kind == "number" and next_letter.isalpha() and not next_letter.isupper()
    if last.kind in _RATED or per_word or _counts_something(place):
        return _rate(place, last.kind, found.end())
    if last.kind in ("number", "code") and place.text[found.end() : found.end() + 1].isdecimal():
        return Reading("trên", found.end(), "word")
    return Reading(",", found.end(), "mark")


def _counts_something(place: Place) -> bool:
    """Whether the last word is what a number just counted: "2 lần/", "15 học sinh/"."""
    last = place.last()
    if last is None or last.kind != "word":
        return False
    # In front of a figure the noun may be longer: "2.000 con gà giống/15 hộ".
    reach = 6 if _SHARED.match(place.text, place.at) else 4
    earlier = [piece for piece in map(place.last, range(2, reach)) if piece]
    return any(piece.kind in ("number", "money", "rate", "unit") for piece in earlier)


def _counts_in_brackets(place: Place, last: Piece, end: int) -> bool:
    """NPK (5:10:3)/hố: what stands in the brackets is given to each."""
    inside = place.last(2)
    counted = inside is not None and inside.kind in ("number", "unit", "money")
    return counted and place.text[last.start] == ")" and place.text[end : end + 1].isalpha()


def _rate(place: Place, kind: str, end: int) -> Reading:
    last, unit = place.last(), unit_at(place.text, end)
    physical = kind == "unit" and last is not None and not last.words.endswith(_EVERYDAY)
    measured = unit or place.text[end : end + 1].isdecimal() or place.next_word(end) in _PHYSICAL_WORDS
    joint = "trên" if physical and measured else "một"
    if unit is not None:
        return Reading(f"{joint} {unit[0]}", unit[2], "rate")
    if place.text[end : end + 1].isdecimal():
        one = _LONE_ONE.match(place.text, end)
        return Reading("" if one and joint == "một" else _over_a_figure(place, kind, end), end, "rate")
    return Reading(joint, end, "rate")


def _over_a_figure(place: Place, kind: str, end: int) -> str:
    """Things handed out are "cho": cấp 2.000 con gà giống/15 hộ; a part of the same things is "trên"."""
    counted = _COUNTED.match(place.text, end)
    if kind != "word" or counted is None or counted["noun"].lower() in place.before[-4:]:
        return "trên"
    return "trên" if _GIVEN.isdisjoint(place.before[-10:]) else "cho"


def _read_tilde(place: Place, found: re.Match[str]) -> Reading:
    between = place.last_kind() in _COUNTABLE and place.last_kind() != "code"
    return Reading("đến" if between else "khoảng", found.end())


RULES_OF_TILDE = (Rule(re.compile(r"~ ?(?=\d)"), _read_tilde),)
RULES_OF_DASH = (Rule(_ROUGH, _read_dash),)
RULES_OF_SLASH = (Rule(_SLASH, _read_slash),)
