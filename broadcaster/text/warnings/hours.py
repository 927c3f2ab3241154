"""The hours of a warning: when it was issued, when the next one comes, for how long it warns."""

import re
from datetime import date, datetime, time, timedelta

from broadcaster.text.papers import Paper
from broadcaster.text.papers.fields.days import days_in
from broadcaster.text.papers.folding import fold
from broadcaster.text.warnings.knowledge import any_of

LONGEST_WINDOW = timedelta(hours=72)
_HOUR = r"(?P<hour>\d{1,2}) ?(?:h|gio|:) ?(?P<minute>\d{2})?(?!\d)"
_DAY = rf"(?P<day>[^.;\n]{{0,24}}?\d{{1,2}} ?/ ?\d{{1,2}}(?: ?/ ?\d{{4}})?|[^.;\n]{{0,16}}(?:{any_of('next day')}))?"
_ISSUED = re.compile(rf"\b(?:{any_of('issued')})\b[ :,luchoiva]{{0,12}}{_HOUR}{_DAY}")
_NEXT = re.compile(rf"\b(?:{any_of('next')})\b[^.;\n]{{0,60}}?{_HOUR}{_DAY}")
_OF_THE_NEXT = re.compile(rf"\b(?:{any_of('next')})\b")
_IN_NUMBER = re.compile(r"/ ?(?P<hour>\d{1,2}) ?h ?(?P<minute>\d{2})?")
_SEEN = re.compile(rf"\bhoi {_HOUR}{_DAY}")
_WINDOW = re.compile(
    r"\b(?:trong(?: khoang)?|tu) (?:khoang )?(?P<one>\d{1,2})(?: ?(?:-|den|toi) ?(?P<other>\d{1,2}))? ?(?:gio|h)"
    r"(?: ?(?:-|den|toi) ?(?P<last>\d{1,2}) ?(?:gio|h))? (?:toi|tiep theo|tiep|den)\b"
)


def names_its_hour(paper: Paper, text: str) -> bool:
    """Whether the paper says when it was issued, or when the next one comes, as warnings do."""
    said = _folded(text)
    return bool(_issued(said) or _NEXT.search(said) or _IN_NUMBER.search(fold(paper.fields.number)))


def issued_on(text: str, *, today: date | None) -> date | None:
    """The day that stands beside the hour of the warning, or beside what was seen."""
    said = _folded(text)
    for found in (_issued(said), _SEEN.search(said)):
        if found and found["day"]:
            return _day(found, today)
    return None


def issued_at(paper: Paper, text: str, *, issued_on: date | None) -> datetime | None:
    """Local time at which it was issued."""
    said = _folded(text)
    found = _issued(said) or _IN_NUMBER.search(fold(paper.fields.number)) or _SEEN.search(said)
    if found is None or issued_on is None:
        return None
    return _at(issued_on, found)


def expires_at(text: str, *, issued_at: datetime | None) -> datetime | None:
    """The later one of the end of what it warns of and the hour of the next warning."""
    if issued_at is None:
        return None
    said = _folded(text)
    ends = [issued_at + min(_window(each), LONGEST_WINDOW) for each in _WINDOW.finditer(said)]
    ends += [each for each in (_next(found, issued_at) for found in _NEXT.finditer(said)) if each is not None]
    return max((each for each in ends if each > issued_at), default=None)


def _issued(said: str) -> re.Match[str] | None:
    """Where the hour of the warning stands, and not that of the next one."""
    for found in _ISSUED.finditer(said):
        before = said[: found.start()].rpartition("\n")[2].rpartition(".")[2]
        if not _OF_THE_NEXT.search(before):
            return found
    return None


def _day(found: re.Match[str], near: date | None) -> date | None:
    """The day beside an hour, in the year of a day near it."""
    return next(days_in("ngày " + found["day"].strip(" ,()"), since=None, today=near), None)


def _next(found: re.Match[str], issued_at: datetime) -> datetime | None:
    day = issued_at.date()
    if found["day"]:
        day = _day(found, day) or day + timedelta(days=1)
    at = _at(day, found)
    if at is not None and at <= issued_at and not found["day"]:
        return at + timedelta(days=1)
    return at


def _window(found: re.Match[str]) -> timedelta:
    return timedelta(hours=max(int(each) for each in (found["one"], found["other"], found["last"]) if each))


def _at(day: date, found: re.Match[str]) -> datetime | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour == 24 and not minute:
        return datetime.combine(day, time()) + timedelta(days=1)
    return datetime.combine(day, time(hour, minute)) if hour < 24 and minute < 60 else None


def _folded(text: str) -> str:
    return "\n".join(fold(line) for line in text.splitlines())
