"""The marks between two readings: a dash that means "đến" or "trừ", a minus, a tilde."""

import re

from broadcaster.text.language.letters import LOWER, UPPER
from broadcaster.text.language.lexicon import words
from broadcaster.text.page.cursor import ReadingRule, RuleReading, SpokenPiece, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, guessed
from broadcaster.text.quantities.amounts import unit_at
from broadcaster.text.quantities.fractions import PAIRED, in_match

_RELATIVE_DAYS = words("relative_day")

_TEAMS = words("numbered_place") | words("team")
_SCORE_NEXT = re.compile(r" ?\d{1,2}[^\W\d_]?(?: ?: ?| )\d{1,2} ?- ?\d{1,2}(?!\d)")
_COUNTABLE = frozenset(("number", "unit", "money", "time", "date", "roman", "code"))
_HOLIDAY = words("feast_before")
_ROUGH = re.compile(r" ?- ?")
_NEXT_FIGURE = re.compile(r" ?- ?(?P<figure>\d[\d.,]*)(?P<over>/\d)?")
_NEXT_NAME = re.compile(
    r" ?- ?(?:thứ |[Tt]\d|[Qq]uý |[Bb]\.?[Đđ]\.? ?(?:I{1,3}|[1-3])(?![^\W_])"
    r"|(?P<roman>[IVX]{1,5}(?![^\W_]))|CN(?![^\W_])|(?P<named>[^\W\d_]{2,8}|[KNC](?=\d)) ?\d)"
)
_DEGREES = re.compile(r"\d{1,2}(?:,\d)? ?(?:°|oC|độ)")
_ONE_MORE_TIME = re.compile(r"- ?\d{1,2}[hg]\d{0,2} ?- ?\d{1,2}[hg]")
_NEXT_WEEKDAY = re.compile(r"- ?(?:[Tt]hứ |[Cc]hủ nhật|CN(?![^\W_]))")
_WEEKDAY_NEXT = re.compile(r" ?- ?[3-7](?![\d/.,-]|[^\W_])")
_UNDER = re.compile(r"<|dưới \d")
_SCALES = words("scale")
_METRES = re.compile(r"\dm\d?(?![^\W_])")
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


def _read_dash(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    pair = _read_pair(cursor, found)
    if pair is not None:
        return pair
    if _takes_away(cursor):
        return RuleReading("trừ", found.end(), "word")
    if cursor.last_kind() in _COUNTABLE and _UNDER.match(cursor.text, found.end()):
        return RuleReading("đến", found.end(), "word")
    if (
        cursor.last_word() in _RELATIVE_DAYS
        and "từ" in cursor.before[-4:]
        and _DAY_AND_MONTH.match(cursor.text, found.end())
    ):
        return RuleReading("đến", found.end(), "word")
    if cursor.before[-2:-1] == ["thứ"] and _WEEKDAY_NEXT.match(cursor.text, cursor.at):
        return RuleReading("đến thứ", found.end(), "word")
    weekdays = cursor.before[-2:-1] == ["thứ"] and _NEXT_WEEKDAY.match(cursor.text, cursor.at)
    if weekdays or (cursor.last_kind() in _COUNTABLE and _joins_range(cursor)):
        return RuleReading("đến", found.end(), "word")
    if cursor.last_word() in _SCALES and cursor.last_kind() == "word" and _NEXT_FIGURE.match(cursor.text, cursor.at):
        return RuleReading("đến", found.end(), "word")
    if cursor.last_kind() == "phone" or cursor.last_kind() == "account":
        return RuleReading(",", found.end(), "mark")
    return _read_minus(cursor, found)


def _read_pair(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """Two teams with numbers play each other: "15h30: Xóm 2 - Xóm 6", "Xóm 1 – Xóm 4: 3-2"."""
    again, last, named = _NEXT_NAME.match(cursor.text, cursor.at), cursor.last(), cursor.last(2)
    if again is None or not again["named"] or last is None or named is None or last.kind != "number":
        return None
    if again["named"].lower() != named.words.lower() or named.words.lower() not in _TEAMS:
        return None
    if _SCORE_NEXT.match(cursor.text, again.end("named")) or in_match(cursor):
        return RuleReading(PAIRED, found.end(), "word")
    colon, time = cursor.last(3), cursor.last(4)
    if colon is None or time is None or colon.words != ":" or time.kind != "time":
        return None
    written = cursor.text[named.start : again.end()] + "…"
    return RuleReading(PAIRED, found.end(), "word", LOW_CONFIDENCE, guessed(written, f"{named.words} … {PAIRED} …"))


def _takes_away(cursor: TextCursor) -> bool:
    """Whether the dash stands in a sum: "còn lại = tổng thu - tổng chi", "500.000 - 120.000 = 380.000"."""
    text, at = cursor.text, cursor.at
    if cursor.last_kind() in ("number", "money", "unit"):
        return _EQUAL_NEXT.match(text, at) is not None
    if cursor.last_kind() != "word" or cursor.touching() or not text.startswith("- ", at):
        return False
    if _EQUAL_BEFORE.search(text, max(0, at - _FORMULA), at):
        return _TERM.match(text, at + 2) is not None or _EQUAL_LATER.match(text, at) is not None
    named = cursor.said(_AMOUNTS, within=4) and cursor.next_word(at + 1) in _AMOUNTS
    return named and _EQUAL_LATER.match(text, at) is not None


def _joins_range(cursor: TextCursor) -> bool:
    if _ONE_MORE_TIME.match(cursor.text, cursor.at) or _in_list_of_times(cursor):
        return False
    figure = _NEXT_FIGURE.match(cursor.text, cursor.at)
    if not figure:
        return _names_again(cursor)
    last = cursor.last()
    if last is not None and last.kind == "code" and _CLASS.match(cursor.text[last.start : last.end]):
        return _NEXT_CLASS.match(cursor.text, cursor.at) is not None
    if last is None or last.kind == "code" or _between_holidays(cursor):
        return False
    if last.kind == "roman" and len(figure["figure"].rstrip(".,")) == 4:
        return False
    return not (last.kind == "unit" and (figure["over"] or _other_unit(cursor, last, figure.end())))


def _other_unit(cursor: TextCursor, last: SpokenPiece, at: int) -> bool:
    """Whether another unit stands at ``at``: "180kVA - 35kV" and "12V-10A" list two figures of a machine."""
    after = unit_at(cursor.text, at)
    if after is None:
        return cursor.text[at : at + 1].isupper()
    if _METRES.match(cursor.text, last.start) and _METRES.match(cursor.text, at - 1):
        # "1m - 1m3" are two heights.
        return False
    return not last.words.endswith(after[0])


def _in_list_of_times(cursor: TextCursor) -> bool:
    span = cursor.last(2)
    return cursor.last_kind() == "time" and span is not None and span.words == "," and cursor.text[span.start] == "-"


def _names_again(cursor: TextCursor) -> bool:
    """Whether the thing that was just numbered comes again: "cấp 3 - cấp 4", "Km12-Km15", "thứ 2 - thứ 6"."""
    again = _NEXT_NAME.match(cursor.text, cursor.at)
    if not again:
        return False
    if not again["named"]:
        # "RON95-III" is one name; "quý I-III" is a range.
        return cursor.last_kind() == "roman" if again["roman"] else cursor.last_kind() != "code"
    last, named = cursor.last(), cursor.last(2)
    if last is not None and last.kind == "code":
        return cursor.text.startswith(again["named"], last.start)
    if named is None or in_match(cursor):
        return False
    return again["named"].lower() in (named.words.lower(), cursor.text[named.start : named.end].lower())


def _between_holidays(cursor: TextCursor) -> bool:
    last = cursor.last()
    whole = last is None or last.kind != "date" or "năm" in last.words
    return not whole and not _HOLIDAY.isdisjoint(cursor.before) and "từ" not in cursor.before


def _read_minus(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    after = cursor.text[found.end() : found.end() + 1]
    tight = after.isdecimal() and cursor.text[found.end() - 1] == "-"
    alone = not cursor.touching() or cursor.text[cursor.at - 1] == "("
    if tight and alone and not cursor.at_line_start():
        return RuleReading("âm", found.end(), "word")
    if cursor.at_line_start():
        below_zero = tight and _DEGREES.match(cursor.text, found.end())
        return RuleReading("âm", found.end(), "word") if below_zero else RuleReading("", found.end(), "break")
    if cursor.last_kind() in ("date", "time") or (cursor.last_kind() == "number" and after.islower()):
        return RuleReading(",", found.end(), "mark")
    if cursor.touching() and cursor.text[cursor.at] == "-" and not found.group().endswith(" "):
        return RuleReading("", found.end(), "word")
    return RuleReading(",", found.end(), "mark")


def _read_tilde(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    between = cursor.last_kind() in _COUNTABLE and cursor.last_kind() != "code"
    return RuleReading("đến" if between else "khoảng", found.end())


TILDE = ReadingRule(re.compile(r"~ ?(?=\d)"), _read_tilde)
DASH = ReadingRule(_ROUGH, _read_dash)
