"""Which backups stay: the newest of each of the last days, weeks and months that have one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

DAILY, WEEKLY, MONTHLY = 7, 4, 12


@dataclass(frozen=True, slots=True)
class Copies:
    """How many days, weeks and months are looked back to."""

    daily: int = DAILY
    weekly: int = WEEKLY
    monthly: int = MONTHLY


def staying(made_at: Iterable[datetime], *, zone: tzinfo, copies: Copies) -> set[datetime]:
    """Counted in days that have a backup, not in days that went by: a station that stood still for months loses none.

    The newest always stays.
    """
    newest_first = sorted(made_at, reverse=True)
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (max(copies.daily, 1), lambda at: at.date()),
        (copies.weekly, lambda at: at.isocalendar()[:2]),
        (copies.monthly, lambda at: (at.year, at.month)),
    )
    found: set[datetime] = set()
    for most, period in rules:
        newest: dict[object, datetime] = {}
        for at in newest_first:
            newest.setdefault(period(at.astimezone(zone)), at)
        found.update(list(newest.values())[:most])
    return found
