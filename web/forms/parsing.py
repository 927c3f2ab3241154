"""What people type into the fields of a form, as values: numbers, days, times, sums.

Every parser takes the text of one field, and raises Invalid naming that field for a text that means nothing.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import word

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 1)
"""Days beyond these are typing errors."""
_MINUTE = re.compile(r"^([01]?\d|2[0-4]):([0-5]\d)$")


def whole_number(text: str, *, field: str) -> int:
    """The refusal calls the field by its word in the tables."""
    try:
        return int(text)
    except ValueError:
        raise Invalid("value.not_a_number_for", field=field, what=word("field", field), written=text[:20]) from None


def number_or(text: str, *, field: str, empty: int) -> int:
    """A number of at most nine digits; ``empty`` when nothing was typed."""
    text = text.strip()
    if not text:
        return empty
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise Invalid("value.not_whole", field=field)
    return int(text)


def figures(text: str, *, most: int) -> int | None:
    """A number of at most this many digits and nothing else; None for any other text: the caller knows the refusal."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most else None


def decimal(text: str, *, field: str) -> float:
    """``2,5`` and ``2.5`` alike."""
    bare = text.strip().replace(",", ".")
    if not re.fullmatch(r"[-+]?\d{1,7}(\.\d{1,6})?", bare):
        raise Invalid("value.not_decimal", field=field)
    return float(bare)


def chosen_number(text: str, *, field: str) -> int:
    """The number behind a choice of a list."""
    try:
        return int(text)
    except ValueError:
        raise Invalid("value.not_a_number", field=field, written=text[:20]) from None


def seen_revision(text: str) -> int:
    """The revision of an announcement that was on the screen."""
    return whole_number(text, field="revision")


def dong(text: str, *, field: str) -> int | None:
    """``50.000đ``, ``50,000`` and ``50 000`` alike; None for an empty field."""
    bare = "".join(text.casefold().removesuffix("vnđ").removesuffix("vnd").removesuffix("đ").split())
    digits = bare.replace(".", "").replace(",", "")
    if not bare:
        return None
    if not digits.isascii() or not digits.isdecimal():
        raise Invalid("levy.amount_malformed", field=field, written=text[:20])
    return int(digits[:15])


def day(text: str, *, field: str) -> date | None:
    """An ISO date as browsers send it; None for an empty field."""
    if not text.strip():
        return None
    try:
        on = date.fromisoformat(text.strip())
    except ValueError:
        on = None
    if on is None or not FIRST_DAY <= on <= LAST_DAY:
        raise Invalid("value.day_malformed", field=field, written=text[:20])
    return on


def written_day(text: str, *, field: str) -> date:
    """A date as people write it, ``25/12/2026``, or as programs do."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    on = day(f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text, field=field)
    if on is None:
        raise Invalid("slot.date_missing", field=field)
    return on


def end_of_day(text: str, timezone: ZoneInfo, *, field: str) -> datetime | None:
    """The last second of that day in the commune."""
    on = day(text, field=field)
    return datetime.combine(on + timedelta(days=1), time(), timezone) - timedelta(seconds=1) if on else None


def moment(text: str, timezone: ZoneInfo, *, field: str) -> datetime | None:
    """A local date and time as browsers send it (``2026-11-21T17:00``); None for an empty field."""
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip()).replace(tzinfo=timezone)
    except ValueError:
        at = None
    if at is None or not FIRST_DAY <= at.date() <= LAST_DAY:
        raise Invalid("value.moment_malformed", field=field, written=text[:20])
    return at


def sent_instant(text: str, *, field: str) -> datetime | None:
    """An instant with its offset, as our own pages put it into hidden fields; None for an empty field."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        at = None
    if text and (at is None or at.tzinfo is None):
        raise Invalid("value.at_malformed", field=field)
    return at


def minute_of_day(text: str, *, field: str) -> int:
    """``22:00`` as 1320; one end of a quiet time."""
    found = _MINUTE.match(text.strip())
    if not found:
        raise Invalid("quiet_hours.half_span", field=field)
    return int(found[1]) * 60 + int(found[2])


def written_clock(text: str) -> str:
    """``5h``, ``5h30`` and ``5:30`` as ``05:30``; anything else as it is, for the station to refuse."""
    found = re.fullmatch(r"(\d{1,2})(?:[hg:](\d{2})?)?", text.lower())
    return f"{int(found.group(1)):02d}:{found.group(2) or '00'}" if found else text


def several(text: str) -> list[str]:
    """What stands between blanks, commas and semicolons."""
    return [each for each in re.split(r"[\s,;]+", text.strip()) if each]


def ticked_zones(zones: Iterable[str]) -> list[str]:
    """The zones asked for. Raises Invalid when none is ticked."""
    chosen = list(zones)
    if not chosen:
        raise Invalid("announcement.no_place", field="zones")
    return chosen
