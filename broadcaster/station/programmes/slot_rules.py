"""What a slot's rule and zone must be to be stored; when it recurs is the scheduler's to say."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadcaster.errors import Invalid

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def check_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The part every rule has; what else it says is the scheduler's to judge."""
    times = _check_times(rule.get("times"), field="times")
    weekdays = rule.get("weekdays")
    if weekdays is not None and (not weekdays or any(day not in range(7) for day in weekdays)):
        raise Invalid("slot.no_weekday", field="weekdays")
    for name in ("first_on", "last_on"):
        _check_date(rule.get(name), field=name)
    for each in rule.get("except_on") or []:
        _check_date(each, field="except_on")
    own = {}
    for day, each in dict(rule.get("times_on") or {}).items():
        _check_date(day, field="times_on")
        own[day] = _check_times(each, field="times_on")
    return {**rule, "times": times} | ({"times_on": own} if own else {})


def check_timezone(name: str) -> None:
    """Raises Invalid for a zone nobody knows."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("slot.timezone_unknown", field="timezone", timezone=name[:60]) from None


def _check_times(times: object, *, field: str) -> list[str]:
    if not isinstance(times, list) or not times or not all(isinstance(t, str) and _TIME.fullmatch(t) for t in times):
        raise Invalid("slot.time_malformed", field=field)
    return sorted(set(times))


def _check_date(value: object, *, field: str) -> None:
    if value is None:
        return
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise Invalid("slot.date_malformed", field=field) from None
