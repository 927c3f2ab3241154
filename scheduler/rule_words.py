"""A slot's rule as an officer reads it: on which days. Pure; the words stand in the tables of sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from broadcaster.refusals.reasons import Reason, word


def days_in_words(rule: Mapping[str, Any]) -> Reason:
    """``mùng 1, rằm âm lịch hằng tháng``; a rule that cannot be read is said to be so."""
    try:
        days = _WORDS[rule.get("kind") or "weekly"](rule)
    except (KeyError, ValueError, TypeError, IndexError):
        return Reason("days.unreadable")
    match rule.get("holidays"):
        case "skip":
            return Reason("days.without_holidays", days=days)
        case "only":
            return Reason("days.on_holidays", days=days)
    return days


def _weekly(rule: Mapping[str, Any]) -> Reason:
    days = sorted(set(rule.get("weekdays") or range(7)))
    return Reason("days.daily") if len(days) == 7 else Reason("days.weekly", days=map(_weekday, days))


def _monthly(rule: Mapping[str, Any]) -> Reason:
    return Reason("days.monthly", days=_each(_solar_day, rule["days"]))


def _monthly_weekday(rule: Mapping[str, Any]) -> Reason:
    nth = int(rule["nth"])
    if nth not in (1, 2, 3, 4, 5, -1):
        raise ValueError(nth)
    place = word("place", "last" if nth == -1 else nth)
    return Reason("days.monthly_weekday", weekday=_weekday(rule["weekday"]), place=place)


def _yearly(rule: Mapping[str, Any]) -> Reason:
    return Reason("days.yearly", day=int(rule["day"]), month=word("month", int(rule["month"])))


def _lunar_monthly(rule: Mapping[str, Any]) -> Reason:
    return Reason("days.lunar_monthly", days=_each(_lunar_day, rule["days"]))


def _lunar_yearly(rule: Mapping[str, Any]) -> Reason:
    month = word("lunar_month", int(rule["month"]))
    return Reason("days.lunar_yearly", day=_lunar_day(int(rule["day"])), month=month)


def _each(words: Any, days: Iterable[Any]) -> tuple[Reason, ...]:
    return tuple(words(int(day)) for day in days)


def _weekday(day: int) -> Reason:
    if day not in range(7):
        raise ValueError(day)
    return word("weekday", day)


def _solar_day(day: int) -> Reason:
    return Reason("days.day", day=day) if day > 0 else _from_the_end(day)


def _lunar_day(day: int) -> Reason:
    if day < 0:
        return _from_the_end(day)
    if day == 15:
        return Reason("days.full_moon")
    return Reason("days.first_ten", day=day) if day <= 10 else Reason("days.day", day=day)


def _from_the_end(day: int) -> Reason:
    return Reason("days.last_day") if day == -1 else Reason("days.day_from_the_end", number=-day)


_WORDS = {
    "weekly": _weekly,
    "monthly": _monthly,
    "monthly_weekday": _monthly_weekday,
    "yearly": _yearly,
    "lunar_monthly": _lunar_monthly,
    "lunar_yearly": _lunar_yearly,
}
