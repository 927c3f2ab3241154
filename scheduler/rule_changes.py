"""Changing a slot's rule for one date, or for all of them. Pure: rules in, rules out.

A date that is left out or moved is written into the rule itself (``except_on``, ``times_on``), so that whoever lays the
slot out again comes to the same.
"""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from broadcaster.errors import Conflict
from scheduler.recurrence import Recurrence, parse

Rule = dict[str, Any]


def without(rule: Mapping[str, Any], day: date, gone: Iterable[time]) -> Rule:
    """Not at these times on this date."""
    left = [each for each in _times_of(rule, day) if each not in set(gone)]
    return _with_times(rule, day, left)


def with_time(rule: Mapping[str, Any], day: date, at: time) -> Rule:
    """Also at this time on this date. Raises Conflict when it is there already."""
    times = _times_of(rule, day)
    if at in times:
        raise Conflict("slot.plays_then_on", at=at, on=day)
    return _with_times(rule, day, sorted([*times, at]))


def restored(rule: Mapping[str, Any], day: date) -> Rule:
    """This date as every other: what was said about it alone is forgotten."""
    named = day.isoformat()
    return {
        **rule,
        "except_on": [each for each in rule.get("except_on") or [] if each != named],
        "times_on": {each: times for each, times in (rule.get("times_on") or {}).items() if each != named},
    }


def shifted(rule: Mapping[str, Any], day: date, at: time, *, to_day: date, to: time) -> Rule:
    """Every date moves as this one does: another time of day, and for a weekly rule another weekday.

    Raises Conflict when the rule recurs there already, or cannot say it.
    """
    made = dict(rule)
    if to_day != day:
        made["weekdays"] = _other_weekday(rule, day.weekday(), to_day.weekday())
    if to != at:
        times = [time.fromisoformat(each) for each in rule["times"]]
        if at not in times:
            raise Conflict("slot.time_of_this_day_only")
        if to in times:
            raise Conflict("slot.plays_then", at=to)
        made["times"] = sorted(f"{each:%H:%M}" for each in [*(each for each in times if each != at), to])
    return made


def as_usual(rule: Mapping[str, Any]) -> Rule:
    """The rule without anything that was said about single dates."""
    return {**rule, "except_on": [], "times_on": {}}


def _other_weekday(rule: Mapping[str, Any], old: int, new: int) -> list[int]:
    if (rule.get("kind") or "weekly") != "weekly":
        raise Conflict("slot.not_weekly")
    weekdays = set(rule.get("weekdays") or range(7))
    if old not in weekdays:
        raise Conflict("slot.single_day")
    if old != new and new in weekdays:
        raise Conflict("slot.plays_that_weekday")
    return sorted(weekdays - {old} | {new})


def _with_times(rule: Mapping[str, Any], day: date, times: Iterable[time]) -> Rule:
    made = restored(rule, day)
    remaining = [f"{each:%H:%M}" for each in times]
    if remaining == [f"{each:%H:%M}" for each in _times_of(made, day)]:
        return made
    if remaining:
        made["times_on"][day.isoformat()] = remaining
    else:
        made["except_on"] = sorted([*made["except_on"], day.isoformat()])
    return made


def _times_of(rule: Mapping[str, Any], day: date) -> tuple[time, ...]:
    recurrence: Recurrence = parse(rule, timezone="UTC")
    return recurrence.times_of(day)
