"""Public holidays, from ``data/holidays.tsv``, where each line names its source. Pure.

Only what is the same every year is there; the days that are decided each year are left to a slot's own exceptions.
"""

from datetime import date
from functools import cache
from pathlib import Path

from scheduler.day_patterns import DayPattern, LunarYearly, Yearly

_DATA = Path(__file__).parent / "data" / "holidays.tsv"


def holiday_on(day: date) -> str | None:
    """The name of the holiday on this date."""
    return next((name for pattern, name in _table() if pattern.holds_on(day)), None)


@cache
def _table() -> tuple[tuple[DayPattern, str], ...]:
    rows = (line.split("\t") for line in _DATA.read_text(encoding="utf-8").splitlines()[1:])
    return tuple((_pattern(kind, int(month), int(day)), name) for kind, month, day, name, _source in rows)


def _pattern(kind: str, month: int, day: int) -> DayPattern:
    return LunarYearly(month, day) if kind == "lunar" else Yearly(month, day)
