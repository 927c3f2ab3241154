"""A day and its month with a dash or a point between them (20-10, 5.9) where the words around tell; two days: 5-10."""

import re

from broadcaster.text.calendar.dates import DATED, DAY, DAY_BEFORE, MONTH, day_of_month, said_date
from broadcaster.text.language.lexicon import words
from broadcaster.text.page.cursor import ReadingRule, RuleReading, TextCursor

_YEARLY = words("yearly")

_BEFORE = words("date_before")
_HOLIDAYS = words("holiday")
_HOURS = words("hour_after")
_DAY_MONTH_LOOSE = re.compile(rf"{DAY}[-.]{MONTH}(?![\d/%]|[.,-]\d|[^\W\d_])")
_AROUND = words("around_date")
_PLAYED = words("played")
_MARKET = words("market")
_MONTHLY = re.compile(r"(?: âm lịch)? (?:h[ằà]ng|mỗi) tháng")
_MONTH_NEXT = re.compile(r" (?:trong |các )?tháng")


def _read_day_month_loose(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    after = cursor.next_word(found.end())
    if _MONTHLY.match(cursor.text, found.end()) or (
        cursor.last_word() == "ngày" and _MONTH_NEXT.match(cursor.text, found.end())
    ):
        return _read_days_of_a_month(cursor, found)
    if after != "đến" and (_is_announced(cursor, int(found["day"]), after) or _is_no_range(cursor, found)):
        return RuleReading(said_date(cursor, found, None), found.end(), "date")
    return None


def _is_announced(cursor: TextCursor, day: int, after: str) -> bool:
    """Whether the words around tell that a day and its month stand here with a dash or a point between them."""
    if cursor.last_word() in DAY_BEFORE:
        return True
    if day <= 12:
        return False
    if cursor.last_word() in DATED or after in _YEARLY:
        return True
    return cursor.last_word() in _BEFORE and after not in _HOURS


def _is_no_range(cursor: TextCursor, found: re.Match[str]) -> bool:
    """Whether it is the day of a feast, or falls as no range does: "giỗ tổ 10-3", "trước 20-10"; scores do both."""
    if int(found["day"]) <= int(found["month"]) or cursor.said(_PLAYED, within=8):
        return False
    if f"{int(found['day'])}/{int(found['month'])}" in _HOLIDAYS:
        return True
    return cursor.last_word() in _AROUND and "-" in found.group() and cursor.next_word(found.end()) not in _HOURS


def _read_days_of_a_month(cursor: TextCursor, found: re.Match[str]) -> RuleReading | None:
    """Two days of whichever month: "ngày 5-10 hằng tháng", "10-15 tháng 3"."""
    first, last = (int(day) for day in re.split("[-.]", found.group()))
    if "-" not in found.group() or first >= last:
        return None
    # A market meets on each of the two days and not between them.
    connective = "," if cursor.said(_MARKET, within=8) else " đến"
    return RuleReading(f"{day_of_month(first)}{connective} {day_of_month(last)}", found.end(), "date")


LOOSE_DAY_AND_MONTH = ReadingRule(_DAY_MONTH_LOOSE, _read_day_month_loose, after="-.", longest=2)
