"""Quiet hours: a daily stretch of local time in which only an emergency may sound."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadcaster.protocol.agenda import Policy, QuietHours

VIETNAM = "Asia/Ho_Chi_Minh"
DAY_MINUTES = 24 * 60


def is_quiet(policy: Policy, at: datetime) -> bool:
    """Whether this instant lies in a quiet stretch."""
    local = local_time(policy, at)
    minute = local.hour * 60 + local.minute
    return any(_covers(hours, minute) for hours in policy.quiet_hours)


def touches_quiet(policy: Policy, begin: datetime, end: datetime) -> bool:
    """Whether any moment of ``[begin, end)`` lies in a quiet stretch."""
    if not policy.quiet_hours:
        return False
    local = local_time(policy, begin)
    first = local.hour * 60 + local.minute
    into = timedelta(seconds=local.second, microseconds=local.microsecond)
    last = -(-(end - begin + into) // timedelta(minutes=1))
    count = min(DAY_MINUTES, max(1, int(last)))
    return any(_covers(hours, (first + i) % DAY_MINUTES) for i in range(count) for hours in policy.quiet_hours)


def local_time(policy: Policy, at: datetime) -> datetime:
    """The same instant on the commune's clocks."""
    return at.astimezone(_zone(policy.timezone))


def _covers(hours: QuietHours, minute: int) -> bool:
    if hours.from_minute <= hours.to_minute:
        return hours.from_minute <= minute < hours.to_minute
    return minute >= hours.from_minute or minute < hours.to_minute


@lru_cache(maxsize=4)
def _zone(name: str) -> ZoneInfo:
    """The zone; Vietnam's when the board's tables do not know the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(VIETNAM)
