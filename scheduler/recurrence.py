"""On which days and at which instants something recurs. Pure: no clock, no database.

A rule is plain JSON, as a slot keeps it::

    {"kind": "weekly", "weekdays": [0, 1, 2, 3, 4, 5], "times": ["05:00", "17:00"],
     "first_on": "2026-11-21", "last_on": null, "except_on": ["2027-02-06"]}

A kind decides on days only, so a new one (a lunar date, say) is one class and one line in ``KINDS``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from broadcaster.errors import Invalid

_DAY = timedelta(days=1)


class DayPattern(Protocol):
    """A kind of recurrence."""

    def holds_on(self, day: date) -> bool:
        """Whether it recurs on this local date."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """weekdays: 0 is Monday; empty is never."""

    weekdays: frozenset[int]

    def holds_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Monthly:
    """days: of the month, from 1; negative ones count from its end, -1 is the last day."""

    days: frozenset[int]

    def holds_on(self, day: date) -> bool:
        return day.day in self.days or day.day - _month_days(day) - 1 in self.days


@dataclass(frozen=True, slots=True)
class MonthlyWeekday:
    """nth: 1 to 5, or -1 for the last; weekday: 0 is Monday."""

    nth: int
    weekday: int

    def holds_on(self, day: date) -> bool:
        if day.weekday() != self.weekday:
            return False
        if self.nth < 0:
            return (_month_days(day) - day.day) // 7 == -self.nth - 1
        return (day.day - 1) // 7 == self.nth - 1


@dataclass(frozen=True, slots=True)
class Yearly:
    """month, day: of the solar year; 29 February recurs in leap years only."""

    month: int
    day: int

    def holds_on(self, day: date) -> bool:
        return (day.month, day.day) == (self.month, self.day)


KINDS: dict[str, Callable[[Mapping[str, Any]], DayPattern]] = {
    "weekly": lambda rule: Weekly(frozenset(int(day) for day in rule.get("weekdays") or ())),
    "monthly": lambda rule: Monthly(frozenset(int(day) for day in rule["days"])),
    "monthly_weekday": lambda rule: MonthlyWeekday(int(rule["nth"]), int(rule["weekday"])),
    "yearly": lambda rule: Yearly(int(rule["month"]), int(rule["day"])),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """pattern: its days.

    times: local times on each of them.
    zone: in which days and times are meant.
    first_on, last_on: local dates, both included; None is open.
    except_on: local dates left out.
    paused_until_on: last local date of a pause.
    """

    pattern: DayPattern
    times: tuple[time, ...]
    zone: ZoneInfo
    first_on: date | None = None
    last_on: date | None = None
    except_on: frozenset[date] = frozenset()
    paused_until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether anything happens on this local date."""
        if day in self.except_on or (self.paused_until_on is not None and day <= self.paused_until_on):
            return False
        started = self.first_on is None or self.first_on <= day
        ended = self.last_on is not None and self.last_on < day
        return started and not ended and self.pattern.holds_on(day)

    def starts(self, *, from_at: datetime, until_at: datetime) -> Iterator[datetime]:
        """Its instants in UTC, ascending, ``from_at`` included, ``until_at`` not.

        A local time that clocks skip in spring is taken by the offset before the change, so it happens, an hour later
        on the wall; one that comes twice in autumn happens the first time only. That is RFC 5545's reading.
        """
        day = from_at.astimezone(self.zone).date() - _DAY
        last = until_at.astimezone(self.zone).date() + _DAY
        while day <= last:
            if self.holds_on(day):
                yield from (at for at in self._on(day) if from_at <= at < until_at)
            day += _DAY

    def _on(self, day: date) -> list[datetime]:
        noon = datetime.combine(day, time(12), self.zone)
        if noon.astimezone(UTC).astimezone(self.zone).date() != day:
            return []  # a zone that crosses the date line leaves out a whole day
        return sorted({datetime.combine(day, each, self.zone).astimezone(UTC) for each in self.times})


def parse(rule: Mapping[str, Any], *, timezone: str, paused_until_on: date | None = None) -> Recurrence:
    """The recurrence a rule describes. Raises Invalid(field="rule") when it describes none."""
    try:
        kind = KINDS[rule.get("kind", "weekly")]
        return Recurrence(
            pattern=kind(rule),
            times=tuple(sorted(time.fromisoformat(each) for each in rule["times"])),
            zone=ZoneInfo(timezone),
            first_on=_date(rule.get("first_on")),
            last_on=_date(rule.get("last_on")),
            except_on=frozenset(date.fromisoformat(each) for each in rule.get("except_on") or ()),
            paused_until_on=paused_until_on,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Invalid(f"Quy tắc lặp không hợp lệ ({error}). Hãy sửa lại khung giờ.", field="rule") from None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _month_days(day: date) -> int:
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (after - _DAY).day
