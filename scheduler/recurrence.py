"""On which days and at which instants something recurs. Pure: no clock, no database.

A rule is plain JSON, as a slot keeps it::

    {"kind": "weekly", "weekdays": [0, 1, 2, 3, 4, 5], "times": ["05:00", "17:00"],
     "first_on": "2026-11-21", "last_on": null, "except_on": ["2027-02-06"],
     "times_on": {"2027-02-08": ["07:00"]}, "holidays": "skip"}

A kind (see ``day_patterns``) decides on days only. ``times_on`` gives single dates times of their own, whether the kind
falls on them or not: together with ``except_on`` it moves a date. ``holidays`` is "play", "skip" or "only".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from broadcaster.errors import Invalid
from scheduler.day_patterns import KINDS, DayPattern
from scheduler.holidays import holiday_on

_DAY = timedelta(days=1)
HOLIDAYS = ("play", "skip", "only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """pattern: its days.

    times: local times on each of them.
    zone: in which days and times are meant.
    first_on, last_on: local dates, both included; None is open.
    except_on: local dates left out.
    times_on: single local dates with times of their own; neither range, pattern nor holidays decide on them.
    holidays: "play" as on every day, "skip" public holidays, or "only" then.
    paused_until_on: last local date of a pause.
    """

    pattern: DayPattern
    times: tuple[time, ...]
    zone: ZoneInfo
    first_on: date | None = None
    last_on: date | None = None
    except_on: frozenset[date] = frozenset()
    times_on: Mapping[date, tuple[time, ...]] = field(default_factory=dict)
    holidays: str = "play"
    paused_until_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether anything happens on this local date."""
        return bool(self.times_of(day))

    def times_of(self, day: date) -> tuple[time, ...]:
        """Its local times on this date."""
        if self.paused_until_on is not None and day <= self.paused_until_on:
            return ()
        if day in self.times_on:
            return self.times_on[day]
        started = self.first_on is None or self.first_on <= day
        ended = self.last_on is not None and self.last_on < day
        falls = started and not ended and day not in self.except_on and self.pattern.holds_on(day)
        return self.times if falls and self._holiday_allows(day) else ()

    def starts(self, *, from_at: datetime, until_at: datetime) -> Iterator[datetime]:
        """Its instants in UTC, ascending, ``from_at`` included, ``until_at`` not.

        A local time that clocks skip in spring is taken by the offset before the change, so it happens, an hour later
        on the wall; one that comes twice in autumn happens the first time only. That is RFC 5545's reading.
        """
        day = from_at.astimezone(self.zone).date() - _DAY
        last = until_at.astimezone(self.zone).date() + _DAY
        while day <= last:
            yield from (at for at in self._on(day) if from_at <= at < until_at)
            day += _DAY

    def _holiday_allows(self, day: date) -> bool:
        return self.holidays == "play" or (holiday_on(day) is not None) == (self.holidays == "only")

    def _on(self, day: date) -> list[datetime]:
        times = self.times_of(day)
        if not times:
            return []
        noon = datetime.combine(day, time(12), self.zone)
        if noon.astimezone(UTC).astimezone(self.zone).date() != day:
            return []  # a zone that crosses the date line leaves out a whole day
        return sorted({datetime.combine(day, each, self.zone).astimezone(UTC) for each in times})


def parse(rule: Mapping[str, Any], *, timezone: str, paused_until_on: date | None = None) -> Recurrence:
    """The recurrence a rule describes. Raises Invalid(field="rule") when it describes none."""
    try:
        kind = KINDS[rule.get("kind") or "weekly"]
        holidays = rule.get("holidays") or "play"
        if holidays not in HOLIDAYS:
            raise ValueError(holidays)
        return Recurrence(
            pattern=kind(rule),
            times=_times(rule["times"]),
            zone=ZoneInfo(timezone),
            first_on=_date(rule.get("first_on")),
            last_on=_date(rule.get("last_on")),
            except_on=frozenset(date.fromisoformat(each) for each in rule.get("except_on") or ()),
            times_on={date.fromisoformat(day): _times(times) for day, times in (rule.get("times_on") or {}).items()},
            holidays=holidays,
            paused_until_on=paused_until_on,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Invalid("slot.rule_unreadable", field="rule", cause=error) from None


def _times(texts: Iterable[str]) -> tuple[time, ...]:
    return tuple(sorted(time.fromisoformat(each) for each in texts))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
