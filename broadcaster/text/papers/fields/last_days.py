"""Until when a text is worth repeating: the last day it names."""

import re
from datetime import date, timedelta

from broadcaster.text.papers.fields.days import days_in

_NEAR = (
    (re.compile(r"\b(?:hôm|sáng|trưa|chiều|tối|đêm) nay\b", re.IGNORECASE), 0),
    (re.compile(r"\b(?:ngày|hôm|sáng|trưa|chiều|tối|đêm) mai\b", re.IGNORECASE), 1),
    (re.compile(r"\b(?:ngày|hôm|sáng|chiều|tối) kia\b", re.IGNORECASE), 2),
)


def last_day(text: str, *, today: date) -> date | None:
    """The last day something in the text happens, never before ``today``; None for a text without any day."""
    near = [today + timedelta(days=days) for sign, days in _NEAR if sign.search(text)]
    found = [*days_in(text, since=None, today=today), *near]
    return max(*found, today) if found else None
