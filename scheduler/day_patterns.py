"""The kinds of recurrence: on which local dates something falls. Pure.

A rule's ``kind`` names one; a new kind is one class, one line in ``KINDS`` and one in ``rule_words``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from broadcaster.lunar import lunar_date


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


@dataclass(frozen=True, slots=True)
class LunarMonthly:
    """days: of every lunar month, leap months too, from 1; -1 is its last day, whether the 29th or the 30th."""

    days: frozenset[int]

    def holds_on(self, day: date) -> bool:
        lunar = lunar_date(day)
        return lunar.day in self.days or lunar.day - lunar.length - 1 in self.days


@dataclass(frozen=True, slots=True)
class LunarYearly:
    """month, day: of the lunar year, not of a leap month; day -1 is the last one of the month."""

    month: int
    day: int

    def holds_on(self, day: date) -> bool:
        lunar = lunar_date(day)
        return lunar.month == self.month and not lunar.leap and self.day in (lunar.day, lunar.day - lunar.length - 1)


KINDS: dict[str, Callable[[Mapping[str, Any]], DayPattern]] = {
    "weekly": lambda rule: Weekly(_days(rule.get("weekdays") or (), 0, 6)),
    "monthly": lambda rule: Monthly(_days(rule["days"], -31, 31)),
    "monthly_weekday": lambda rule: MonthlyWeekday(_within(rule["nth"], -5, 5), _within(rule["weekday"], 0, 6)),
    "yearly": lambda rule: Yearly(_within(rule["month"], 1, 12), _within(rule["day"], 1, 31)),
    "lunar_monthly": lambda rule: LunarMonthly(_days(rule["days"], -30, 30)),
    "lunar_yearly": lambda rule: LunarYearly(_within(rule["month"], 1, 12), _within(rule["day"], -1, 30)),
}


def _days(given: Any, least: int, most: int) -> frozenset[int]:
    return frozenset(_within(each, least, most) for each in given)


def _within(given: Any, least: int, most: int) -> int:
    number = int(given)
    if not least <= number <= most or (number == 0 and least < 0):
        raise ValueError(f"{number}")
    return number


def _month_days(day: date) -> int:
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (after - timedelta(days=1)).day
