"""Lịch phát: the week as the poles will play it — frozen airings, and the dates of slots still to be filled."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select

from broadcaster.station import slots
from broadcaster.station.schema import Broadcast, Occurrence, Slot
from broadcaster.station.states import BroadcastState, OccurrenceState
from web.desks import Desk, reading
from web.house import house
from web.words import BROADCAST, OCCURRENCE, Word

blueprint = Blueprint("timetable", __name__)

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Airing:
    """One box in the week.

    start_at: when.
    title: of the announcement or the slot.
    where: names of zones, or how many poles.
    word: its state.
    address: its page.
    """

    start_at: datetime
    title: str
    where: str
    word: Word
    address: str


@dataclass(frozen=True, slots=True)
class Day:
    """One column of the week."""

    on: date
    airings: list[Airing]


@blueprint.get("/timetable")
def week() -> str:
    monday = _monday(request.args.get("week", ""))
    with reading() as d:
        return render_template("timetable/week.html", slots=slots.listing(d.s), **_week(d, monday))


@blueprint.get("/timetable/days")
def days() -> str:
    """The part of the page that moves."""
    with reading() as d:
        return render_template("timetable/days.html", **_week(d, _monday(request.args.get("week", ""))))


def _monday(text: str) -> date:
    """The Monday of the asked day; of this week when none, or nonsense, was asked."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = house().today
    asked = min(max(asked, date(2000, 1, 3)), date(2999, 12, 24))
    return asked - timedelta(days=asked.weekday())


def _week(d: Desk, monday: date) -> dict[str, object]:
    from_at, until_at = _midnight(monday), _midnight(monday + WEEK)
    airings = sorted(
        [*_broadcasts(d, from_at, until_at), *_occurrences(d, from_at, until_at)],
        key=lambda airing: airing.start_at,
    )
    return {
        "days": [Day(on, [each for each in airings if _on(each) == on]) for on in _days(monday)],
        "monday": monday,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "today": house().today,
    }


def _days(monday: date) -> Iterable[date]:
    return (monday + timedelta(days=each) for each in range(7))


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), house().timezone)


def _on(airing: Airing) -> date:
    return airing.start_at.astimezone(house().timezone).date()


def _broadcasts(d: Desk, from_at: datetime, until_at: datetime) -> Iterator[Airing]:
    frozen = select(Broadcast).where(
        Broadcast.start_at >= from_at, Broadcast.start_at < until_at, Broadcast.state != BroadcastState.CANCELLED
    )
    for each in d.s.scalars(frozen).unique():
        where = ", ".join(delivery.node.name for delivery in each.deliveries[:3])
        more = len(each.deliveries) - 3
        yield Airing(
            each.start_at,
            each.title,
            f"{where} +{more}" if more > 0 else where,
            BROADCAST[each.state],
            url_for("broadcasts.show", broadcast_id=each.id),
        )


def _occurrences(d: Desk, from_at: datetime, until_at: datetime) -> Iterator[Airing]:
    unfrozen = select(Occurrence).where(
        Occurrence.start_at >= from_at, Occurrence.start_at < until_at, Occurrence.state != OccurrenceState.FROZEN
    )
    for each in d.s.scalars(unfrozen).unique():
        yield _of_slot(each.slot, each.start_at, OCCURRENCE[each.state])


def _of_slot(slot: Slot, start_at: datetime, word: Word) -> Airing:
    where = ", ".join(zone.name for zone in slot.zones)
    return Airing(start_at, slot.name, where, word, url_for("slots.show", slot_id=slot.id))
