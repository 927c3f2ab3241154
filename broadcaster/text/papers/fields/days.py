"""Days that a paper names, with the year where it names none."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from broadcaster.text.papers.knowledge import one_of

_WORDED = re.compile(
    r"(?:ng[àa]y|m[ùuồô]ng|h[ôo]m)?\s*(?P<day>\d{1,2})\s*th[áa]ng\s*(?P<month>\d{1,2})(?:\s*n[ăa]m\s*(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_SLASHED = re.compile(
    r"(?<![\d/.,-])(?P<day>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?:(?P=sign)(?P<year>\d{4}|\d{2}))?(?![\d/-]|[.,]\d)"
)
_CITED = re.compile(
    r"(?:số\s*[:.]?\s*)?\d+[\w]*\s?[/-]\s?[A-ZĐ][\wĐ&/-]*(?:\s+của[^,.;\n]{0,60}?)?\s*(?:,\s*)?"
    r"ngày\s*(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}\s*tháng\s*\d{1,2}\s*năm\s*\d{4})"
    rf"|(?:{one_of('field_words', 'cited')})[^.;\n]{{0,80}}?"
    r"ngày\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}",
    re.IGNORECASE,
)
_LUNAR = re.compile(
    rf"\(tức[^)]*\)|âm lịch|(?:mùng|rằm)[^.,;\n]{{0,30}}(?:{one_of('field_words', 'lunar year')})\s\w+", re.IGNORECASE
)
_BORN = re.compile(
    r"sinh\s+(?:ngày|năm)\s*(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}\s*tháng\s*\d{1,2}(?:\s*năm\s*\d{4})?)",
    re.IGNORECASE,
)
_BEFORE_A_DAY = re.compile(rf"(?:{one_of('field_words', 'before a day')}|thứ \w+|,|-|;)\W*(?:\w+\W+)?$")
_NEXT_YEAR_AFTER = timedelta(days=120)
"""A day without a year that lies further back than this is meant for the year after."""


def paper_day(texts: Iterable[str]) -> date | None:
    """The date in a paper's head, or at its foot."""
    for text in texts:
        for found in (*_WORDED.finditer(text), *_SLASHED.finditer(text)):
            if found["year"]:
                day = _day(found, year=_full(found["year"]))
                if day:
                    return day
    return None


def days_in(text: str, *, since: date | None, today: date | None = None) -> Iterator[date]:
    """Days on which something in a text happens, none before the paper was written."""
    for sign in (_CITED, _LUNAR, _BORN):
        text = sign.sub(" ", text)
    founds = [found for shape in (_WORDED, _SLASHED) for found in shape.finditer(text)]
    years = [_full(found["year"]) for found in founds if found["year"]]
    base = since or today or (date(max(years), 1, 1) if years else None)
    for found in founds:
        if not found["year"] and not _is_day(text, found):
            continue
        day = _day(found, year=_full(found["year"])) if found["year"] else _next(found, base)
        if day and not (since and day < since):
            yield day


def _is_day(text: str, found: re.Match[str]) -> bool:
    """Whether "10/5" is a day: a score, a share or a clause has no day's word near it."""
    if found.re is _WORDED:
        return True
    before = text[max(0, found.start() - 26) : found.start()].lower()
    return found["sign"] == "/" and bool(_BEFORE_A_DAY.search(before))


def _next(found: re.Match[str], base: date | None) -> date | None:
    """A day and a month in the year of the paper, or in the next one when they lie long before it."""
    if base is None:
        return None
    day = _day(found, year=base.year)
    if day and base - day > _NEXT_YEAR_AFTER:
        return _day(found, year=base.year + 1)
    return day


def _day(found: re.Match[str], *, year: int) -> date | None:
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _full(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)
