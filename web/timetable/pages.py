"""Lịch phát: the days ahead as the nodes will play them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request

from broadcaster.lunar import LAST_YEAR, lunar_date
from broadcaster.station.programmes import moments, slots
from broadcaster.station.programmes.moments import Moment
from broadcaster.station.schema import Zone
from broadcaster.station.units import units
from scheduler.holidays import holiday_on
from web.forms.parsing import FIRST_DAY
from web.security.access import READING, asks
from web.shell.request_context import Context, reading
from web.shell.services import services
from web.timetable import conflict_marks, entries
from web.timetable.entries import TimetableEntry

blueprint = Blueprint("timetable", __name__)

WEEK = timedelta(days=7)
LAST_DAY = date(LAST_YEAR, 12, 1)
"""No lunar date is known beyond."""
QUEUE_SHOWN = 30
NIGHT = frozenset((0, 1, 2, 3, 22, 23))
"""Hours that take no room while nothing plays in them."""


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One column of the week.

    on: its date.
    lunar: day and month by the moon, such as ``14/10``.
    holiday: its name, if it is one.
    hours: what begins in each of the 24.
    """

    on: date
    lunar: str
    holiday: str | None
    hours: list[list[TimetableEntry]]

    @property
    def empty(self) -> bool:
        return not any(self.hours)


@blueprint.get("/timetable")
@asks(READING)
def week() -> str:
    with reading() as c:
        zones = units.zones(c.s)
        return render_template(
            "timetable/week.html", slots=slots.listing(c.s), zones=zones, queue=_queue(c), **_week(c, zones)
        )


def _queue(c: Context) -> list[Moment]:
    """What the station does next by itself, of each thing the next step; an alarm that repeats is one thing."""
    ahead = timedelta(hours=services().config.schedule.freeze_hours)
    steps: dict[str, Moment] = {}
    for each in moments.coming(c.s, now_at=c.now_at, ahead=ahead):
        steps.setdefault(each.title, each)
    return list(steps.values())[:QUEUE_SHOWN]


@blueprint.get("/timetable/days")
@asks(READING)
def days() -> str:
    """The part of the page that moves."""
    with reading() as c:
        return render_template("timetable/days.html", **_week(c, units.zones(c.s)))


def _first_day() -> date:
    """The day asked for; today when none, or nonsense, was asked."""
    try:
        asked = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        return services().today
    return min(max(asked, FIRST_DAY), LAST_DAY)


def _week(c: Context, zones: list[Zone]) -> dict[str, object]:
    first_on = _first_day()
    zone = next((each for each in zones if each.id == request.args.get("zone", "")), None)
    found = conflict_marks.marked(c.s, entries.between(c, _midnight(first_on), _midnight(first_on + WEEK), zone=zone))
    return {
        "days": [_day(on, found) for on in _days(first_on)],
        "zone": zone,
        "night": NIGHT,
        "now_hour": c.now_at.astimezone(services().timezone).hour,
        "first_on": first_on,
        "before": first_on - WEEK,
        "after": first_on + WEEK,
        "today": services().today,
    }


def _day(on: date, found: Iterable[TimetableEntry]) -> DayColumn:
    lunar = lunar_date(on)
    hours: list[list[TimetableEntry]] = [[] for _hour in range(24)]
    for entry in found:
        local = entry.start_at.astimezone(services().timezone)
        if local.date() == on:
            hours[local.hour].append(entry)
    return DayColumn(on, f"{lunar.day}/{lunar.month}", holiday_on(on), hours)


def _days(first_on: date) -> Iterable[date]:
    return (first_on + timedelta(days=each) for each in range(7))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), services().timezone)
