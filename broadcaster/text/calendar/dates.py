"""Dates: 25/9/2024, 15.8.2023, 01-04-2027, 8/3, tháng 1/2026, 5-6/9; and when 3/4 is not one."""

import re

from broadcaster.text.language.lexicon import words
from broadcaster.text.language.numbers import cardinal
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor
from broadcaster.text.page.doubts import LOW_CONFIDENCE, two_ways

DAY_BEFORE = words("day_before")
_DAY_NAMES = words("day_name_before")
_LUNAR_OR_YEARLY = words("lunar_or_yearly")
_STRETCH_BOUNDS = words("stretch_bound")
_TIME_BOUNDS = words("time_bound")
_MONTH_AGAIN = words("month_again")
_QUARTER_AGAIN = words("quarter_again")
_PERIODS = words("period_before")
_LAWS = words("law_before")

_BEFORE = words("date_before")
_COUNTED = words("count_noun")
_SHARED = words("share_noun")
_FRACTION_BEFORE = words("fraction_before")
_NO_DATE_BEFORE = words("no_date_before")
_RATIOS = words("ratio_named")
DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)"
_FULL = re.compile(rf"{DAY} ?(?P<separator>[/.-]) ?{MONTH} ?(?P=separator) ?{_YEAR}(?![\d/]|[.,]\d)")
_YEAR_FIRST = re.compile(rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\d/]|[.,]\d)")
_SHORT_YEAR = re.compile(rf"{DAY}(?P<separator>[/.-]){MONTH}(?P=separator)(?P<year>\d\d)(?![\d/]|[.,-]\d)")
_DAYS = re.compile(rf"(?P<first>0?[1-9]|[12]\d|3[01]) ?- ?{DAY} ?/ ?[Tt]?{MONTH}(?: ?/ ?{_YEAR})?(?![\d/]|[.,]\d)")
_LISTED_DAYS = re.compile(rf"(?P<row>(?:\d{{1,2}}, ?){{1,6}}){DAY}/{MONTH}(?:/{_YEAR})?(?![\d/]|[.,]\d)")
_DAYS_IN_A_ROW = re.compile(rf"(?P<row>(?:\d{{1,2}} ?- ?){{2,6}}){DAY}/[Tt]?{MONTH}(?:/{_YEAR})?(?![\d/]|[.,]\d)")
_DAY_MONTH = re.compile(rf"{DAY} ?/ ?[Tt]?{MONTH}(?![\d/]|[.,]\d|[^\W\d_])")
_MONTHS_COUNTED = re.compile(rf"(?P<count>[1-9]|1[0-2])T(?:/{_YEAR}(?!\d)|(?= (?:đầu|cuối) năm))")
DATED = words("dated_before")
"""Words a date may follow without "ngày"."""
_MONTH_YEAR = re.compile(rf"{MONTH} ?[/-] ?{_YEAR}(?![\d/]|[.,]\d)")
_WON = words("won")
_NEXT_SET = re.compile(r", ?\d{1,2}/\d{1,2}(?!\d)")
_GOES_ON = words("after_date")
_HOLIDAYS = words("holiday")


def day_of_month(day: int) -> str:
    """The day as it is said in a date: "mùng năm", "mười lăm"."""
    return f"mùng {cardinal(day)}" if day < 10 else cardinal(day)


def month_name(month: int) -> str:
    """tháng một ... tháng tư ... tháng mười hai."""
    return "tháng " + ("tư" if month == 4 else cardinal(month))


def _read_full(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    year = int(found["year"])
    if len(found["year"]) == 2:
        if cursor.last_word() in _NO_DATE_BEFORE and not _in_force(cursor):
            return None
        if not (cursor.said(_BEFORE, within=2) or found["separator"] == "/" or _goes_on(cursor)):
            return None
        year += 2000 if year < 60 else 1900
    return RuleReading(_after_bare_hour(cursor, found) + said_date(cursor, found, year), found.end(), "date")


def _in_force(cursor: TextCursor) -> bool:
    return cursor.before[-2:] == ["hiệu", "lực"]


def _goes_on(cursor: TextCursor) -> bool:
    """Whether a weekday, an hour or a deadline stands just before: "17h00, T6, 20.11.26"."""
    before = cursor.last(2) if cursor.last_kind() == "mark" else cursor.last()
    return cursor.last_word() in DATED or (before is not None and before.kind in ("date", "time"))


def said_date(cursor: TextCursor, found: re.Match[str], year: int | None) -> str:
    """The ``day`` and ``month`` a pattern found, and the year if there is one, as they are said here."""
    day = int(found["day"])
    said = cardinal(day) if cursor.last_word() in _DAY_NAMES else day_of_month(day)
    spoken = f"{said} {month_name(int(found['month']))}"
    return f"{spoken} năm {cardinal(year)}" if year else spoken


def _read_days(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    first, last = int(found["first"]), int(found["day"])
    if first >= last or cursor.last_word() == "cấp":
        return None
    if not found["year"] and cursor.next_word(found.end()) in _COUNTED and not cursor.said(_BEFORE, within=2):
        return None
    year = int(found["year"]) if found["year"] else None
    return RuleReading(f"{day_of_month(first)} đến {said_date(cursor, found, year)}", found.end(), "date")


def _read_days_in_a_row(cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """12 - 13 - 14/4 names each day."""
    days = ", ".join(cardinal(int(day)) for day in re.findall(r"\d+", found["row"]))
    year = int(found["year"]) if found["year"] else None
    return RuleReading(f"{days}, {said_date(cursor, found, year)}", found.end(), "date")


def _read_listed_days(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """3,4,5/12 after "ngày": three days, and no decimal among them."""
    tight = not found["row"].endswith(" ")
    return _read_days_in_a_row(cursor, found) if tight and cursor.last_word() == "ngày" else None


def _read_months_counted(_cursor: TextCursor, found: re.Match[str]) -> RuleReading:
    """9T/2026 and "6T đầu năm" of a report: that many months of the year."""
    year = f" năm {cardinal(int(found['year']))}" if found["year"] else ""
    return RuleReading(f"{cardinal(int(found['count']))} tháng{year}", found.end(), "date")


def _after_bare_hour(cursor: TextCursor, found: re.Match[str]) -> str:
    """What keeps "17h 25/12" from being heard as twenty-five past five."""
    bare = cursor.last_kind() == "time" and cursor.last_word() == "giờ" and int(found["day"]) >= 10
    return "ngày " if bare else ""


def _read_day_month(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    if not _is_date(cursor, found):
        return None
    words = _after_bare_hour(cursor, found) + said_date(cursor, found, None)
    if _may_be_a_share(cursor, found):
        return RuleReading(words, found.end(), "date", LOW_CONFIDENCE, two_ways(found.group(), words))
    return RuleReading(words, found.end(), "date")


def _is_date(cursor: TextCursor, found: re.Match[str]) -> bool:
    if (cursor.last_word() in _NO_DATE_BEFORE and not _in_force(cursor)) or cursor.last_word() == "thứ":
        return False
    if cursor.said(_BEFORE, within=1) or cursor.last_kind() == "date" or _in_force(cursor):
        return True
    if _is_ratio(cursor) or (cursor.last_kind() == "mark" and (_names_shares(cursor) or _is_set(cursor, found))):
        return False
    after = cursor.next_word(found.end())
    if _zero_first(found) and after not in _COUNTED:
        return True
    if after in _LUNAR_OR_YEARLY:
        return True
    if int(found["day"]) > int(found["month"]):
        return True
    share = int(found["day"]) == 1 and int(found["month"]) in (2, 3, 4, 5)
    if share and after in _SHARED and cursor.last_word() not in _STRETCH_BOUNDS:
        return False
    if after in _COUNTED and (share or cursor.last_word() not in _TIME_BOUNDS):
        return False
    if f"{int(found['day'])}/{int(found['month'])}" in _HOLIDAYS:
        return True
    return cursor.last_kind() == "mark" or cursor.last_word() not in _FRACTION_BEFORE


def _is_ratio(cursor: TextCursor) -> bool:
    """Whether a ratio is told: "tỷ lệ máu ngoại 3/4"."""
    stated = cursor.said(_RATIOS, within=6) and cursor.last_kind() == "word"
    return stated and cursor.last_word() not in _TIME_BOUNDS


def _may_be_a_share(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether a date could be a share as well: "đến 2/3 xã vẫn ngập"."""
    day, month = int(found["day"]), int(found["month"])
    if not day < month <= 5 or found["day"][0] == "0" or f"{day}/{month}" in _HOLIDAYS:
        return False
    if cursor.last_word() in DAY_BEFORE or cursor.last_kind() == "date":
        return False
    after = cursor.text[found.end() : found.end() + 2]
    return after[:1] == " " and after[1:].islower() and cursor.next_word(found.end()) not in _GOES_ON


def _is_set(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether the points of a match stand in a row: "thắng 2-0 (25/12, 25/20)"."""
    return cursor.said(_WON, within=8) and _NEXT_SET.match(cursor.text, found.end()) is not None


def _names_shares(cursor: TextCursor) -> bool:
    """Whether the sentence counts in shares: "4/5 tiêu chí đạt, 1/5 chưa đạt"."""
    return any(piece.kind == "number" and " trên " in piece.words for piece in cursor.latest(8))


def _zero_first(found: re.Match[str]) -> bool:
    """02/12, 05/09: nobody writes a share like that."""
    return found["day"][0] == "0" and len(found["month"]) == 2


def _read_month_year(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    month, year = int(found["month"]), int(found["year"])
    if "tháng" in cursor.before[-1:] or (
        "tháng" in cursor.before[-4:] and (cursor.last_word() in _MONTH_AGAIN or cursor.last_kind() == "mark")
    ):
        said = month_name(month).removeprefix("tháng ")
        return RuleReading(f"{said} năm {cardinal(year)}", found.end(), "date")
    quarters = "quý" in cursor.before[-3:] and cursor.last_word() in _QUARTER_AGAIN
    if quarters or cursor.last_word() in _PERIODS:
        # "số năm năm hai nghìn" would be heard as fifty-five.
        zero = "không " if found["month"][0] == "0" and cursor.last_word() == "số" else ""
        return RuleReading(f"{zero}{cardinal(month)} năm {cardinal(year)}", found.end(), "date")
    if cursor.last_word() in _LAWS:
        return None
    return RuleReading(f"{month_name(month)} năm {cardinal(year)}", found.end(), "date")


FULL_DATE = ReadingRule(_FULL, _read_full, after="/.-", apart="/.-", longest=2)
YEAR_FIRST_DATE = ReadingRule(_YEAR_FIRST, _read_full, after="-", shortest=4, longest=4)
SHORT_YEAR_DATE = ReadingRule(_SHORT_YEAR, _read_full, after="/.-", longest=2)
MONTHS_COUNTED = ReadingRule(_MONTHS_COUNTED, _read_months_counted, after="T", longest=2)
LISTED_DAYS = ReadingRule(_LISTED_DAYS, _read_listed_days, after=",", longest=2)
DAYS_IN_A_ROW = ReadingRule(_DAYS_IN_A_ROW, _read_days_in_a_row, after="-", apart="-", longest=2)
DAYS_OF_A_MONTH = ReadingRule(_DAYS, _read_days, after="-", apart="-", longest=2)
DAY_AND_MONTH = ReadingRule(_DAY_MONTH, _read_day_month, after="/", apart="/", longest=2)
MONTH_AND_YEAR = ReadingRule(_MONTH_YEAR, _read_month_year, after="/-", apart="/-", longest=2)
