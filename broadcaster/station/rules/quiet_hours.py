"""The daily hours in which only an emergency sounds: enforced on the node, and told to people while they plan."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.protocol.agenda import QuietHours
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.rows import settings

TIMEZONE = "Asia/Ho_Chi_Minh"
DAY_MINUTES = 1440
MOST = 8
"""Stretches of one commune, or of one node; an agenda has room for both."""

Hours = tuple[tuple[int, int], ...]
"""Pairs of minutes after local midnight: from, to."""


def read(s: Session) -> tuple[QuietHours, ...]:
    """The commune's choice, setting ``quiet_hours``: a list of [from_minute, to_minute]. None by default."""
    return of_pairs(settings.read(s, "quiet_hours", []))


def of_pairs(pairs: Iterable[Sequence[int]]) -> tuple[QuietHours, ...]:
    """As the database keeps them, as the nodes obey them."""
    return tuple(QuietHours(from_minute=each[0], to_minute=each[1]) for each in pairs)


def checked_hours(hours: Hours) -> Hours:
    """Raises Invalid(field="quiet_hours")."""
    if len(hours) > MOST:
        raise Invalid("quiet_hours.too_many", field="quiet_hours", most=MOST)
    for begin, end in hours:
        if not (0 <= begin <= DAY_MINUTES and 0 <= end <= DAY_MINUTES) or begin == end:
            raise Invalid("quiet_hours.empty_span", field="quiet_hours")
    return hours


def timezone(s: Session) -> str:
    """The zone they are meant in, setting ``timezone``."""
    return str(settings.read(s, "timezone", TIMEZONE))


def hushed(s: Session, kind: BroadcastClass, start_at: datetime, end_at: datetime, *, drill: bool) -> str | None:
    """The hours that forbid this broadcast, such as ``22:00–04:45``; None when it may sound. A drill is bound too."""
    if kind is BroadcastClass.EMERGENCY and not drill:
        return None
    zone = ZoneInfo(timezone(s))
    for quiet in read(s):
        if overlaps(quiet, start_at.astimezone(zone), end_at.astimezone(zone)):
            return written(quiet)
    return None


def overlaps(quiet: QuietHours, start: datetime, end: datetime) -> bool:
    """Whether local times ``start`` to ``end`` touch the quiet hours; hours of no length forbid nothing."""
    past_midnight = quiet.to_minute < quiet.from_minute
    length = quiet.to_minute - quiet.from_minute + (DAY_MINUTES if past_midnight else 0)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(-1, (end - start).days + 2):
        begins = midnight + timedelta(days=day, minutes=quiet.from_minute)
        if length and begins < end and start < begins + timedelta(minutes=length):
            return True
    return False


def written(quiet: QuietHours) -> str:
    """``22:00–04:45``"""
    return f"{clock(quiet.from_minute)}–{clock(quiet.to_minute)}"


def clock(minute: int) -> str:
    """``22:00``"""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
