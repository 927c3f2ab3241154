"""Lịch phát: the days ahead as the poles will play them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request

from broadcaster.station import slots
from web import airings
from web.airings import Airing
from web.desks import Desk, reading
from web.drafts import FIRST_DAY, LAST_DAY
from web.house import house

blueprint = Blueprint("timetable", __name__)

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Day:
    """One column of the week."""

    on: date
    airings: list[Airing]


@blueprint.get("/timetable")
def week() -> str:
    with reading() as d:
        return render_template("timetable/week.html", slots=slots.listing(d.s), **_week(d, _first_day()))


@blueprint.get("/timetable/days")
def days() -> str:
    """The part of the page that moves."""
    with reading() as d:
        return render_template("timetable/days.html", **_week(d, _first_day()))


def _first_day() -> date:
    """The day asked for; today when none, or nonsense, was asked."""
    try:
        asked = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        return house().today
    return min(max(asked, FIRST_DAY), LAST_DAY)


def _week(d: Desk, first_on: date) -> dict[str, object]:
    found = airings.between(d, _midnight(first_on), _midnight(first_on + WEEK))
    return {
        "days": [Day(on, [each for each in found if _on(each) == on]) for on in _days(first_on)],
        "first_on": first_on,
        "before": first_on - WEEK,
        "after": first_on + WEEK,
        "today": house().today,
    }


def _days(first_on: date) -> Iterable[date]:
    return (first_on + timedelta(days=each) for each in range(7))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), house().timezone)


def _on(airing: Airing) -> date:
    return airing.start_at.astimezone(house().timezone).date()
