"""Until when a text is worth repeating: the last day it names."""

import re
from datetime import date, timedelta

from broadcaster.text.papers.fields.days import days_in
from broadcaster.text.papers.knowledge import one_of

_NEAR = (
    (re.compile(rf"\b(?:{one_of('field_words', 'today')})\b", re.IGNORECASE), 0),
    (re.compile(rf"\b(?:{one_of('field_words', 'tomorrow')})\b", re.IGNORECASE), 1),
    (re.compile(rf"\b(?:{one_of('field_words', 'the day after')})\b", re.IGNORECASE), 2),
)


def last_day(text: str, *, today: date) -> date | None:
    """The last day something in the text happens, never before ``today``; None for a text without any day."""
    near = [today + timedelta(days=days) for sign, days in _NEAR if sign.search(text)]
    found = [*days_in(text, since=None, today=today), *near]
    return max(*found, today) if found else None
