"""What gauges said: taken in with limits, each instant once, and forgotten in time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, LoaError, NotAllowed
from broadcaster.protocol.gauges.readings import MOST_READINGS, Reading
from broadcaster.station.rows.inserting import insert_many_once
from broadcaster.station.schema import Gauge, GaugeReading

AHEAD = timedelta(minutes=2)
"""A reading from farther in the future was taken by a clock nobody should follow."""
OLD = timedelta(days=7)
"""A logger that had no link may say so much late."""
MOST_AN_HOUR = 2_000
"""Readings of one gauge that are taken in."""
KEEP = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class TakenReadings:
    """fresh: what was new, oldest first; refused: why others were not taken."""

    fresh: tuple[Reading, ...]
    refused: tuple[LoaError, ...] = ()


def take(
    s: Session, gauge: Gauge, said: Sequence[Reading], *, now_at: datetime, by_http: bool = False, whole: bool = True
) -> TakenReadings:
    """Keep what a gauge said. What is known already is no fault, another value at the same instant is.

    ``whole``: one bad reading refuses them all. Raises Invalid, Conflict or NotAllowed.
    """
    s.execute(select(Gauge.id).where(Gauge.id == gauge.id).with_for_update())  # one station at a time
    if gauge.closed_at is not None:
        raise NotAllowed("gauge.closed")
    if not 1 <= len(said) <= MOST_READINGS:
        raise Invalid("reading.too_many", field="readings", most=MOST_READINGS)
    known = _known(s, gauge, [_instant(each) for each in said])
    fresh: dict[datetime, Reading] = {}
    refused: list[LoaError] = []
    for place, each in enumerate(said):
        fault = _fault(gauge, each, known | {at: one.value for at, one in fresh.items()}, now_at, place)
        if fault is not None and whole:
            raise fault
        if fault is not None:
            refused.append(fault)
        elif (at := _instant(each)) not in known:
            fresh[at] = Reading(at=at, value=each.value)
    _check_flood(s, gauge, len(fresh), now_at)
    return TakenReadings(_stored(s, gauge, [fresh[at] for at in sorted(fresh)], now_at, by_http), tuple(refused))


def recent(s: Session, gauge: Gauge, *, most: int = 100) -> list[GaugeReading]:
    """The newest first."""
    chosen = select(GaugeReading).where(GaugeReading.gauge_id == gauge.id)
    return list(s.scalars(chosen.order_by(GaugeReading.at.desc()).limit(most)))


def by_http_since(s: Session, since_at: datetime, *, most: int = 5_000) -> list[GaugeReading]:
    """What nodes have not heard yet: what came by HTTP since, oldest first."""
    chosen = select(GaugeReading).where(GaugeReading.by_http.is_(True), GaugeReading.received_at >= since_at)
    return list(s.scalars(chosen.order_by(GaugeReading.gauge_id, GaugeReading.at).limit(most)))


def forget(s: Session, *, now_at: datetime) -> None:
    """What nobody looks at any more."""
    s.execute(delete(GaugeReading).where(GaugeReading.received_at < now_at - KEEP))


def _instant(reading: Reading) -> datetime:
    """To the millisecond, as gauges count."""
    return reading.at - timedelta(microseconds=reading.at.microsecond % 1000)


def _known(s: Session, gauge: Gauge, instants: Sequence[datetime]) -> dict[datetime, float]:
    chosen = select(GaugeReading.at, GaugeReading.value).where(
        GaugeReading.gauge_id == gauge.id, GaugeReading.at >= min(instants), GaugeReading.at <= max(instants)
    )
    wanted = set(instants)
    return {at: value for at, value in s.execute(chosen) if at in wanted}


def _fault(
    gauge: Gauge, reading: Reading, known: dict[datetime, float], now_at: datetime, place: int
) -> LoaError | None:
    field = f"readings[{place}]"
    if not math.isfinite(reading.value):
        return Invalid("reading.not_a_number", field=field)
    if reading.at > now_at + AHEAD:
        return Invalid("reading.from_future", field=field, at=reading.at)
    if reading.at < now_at - OLD:
        return Invalid("reading.too_old", field=field, at=reading.at)
    if not gauge.lowest <= reading.value <= gauge.highest:
        return Invalid("reading.out_of_range", field=field, lowest=gauge.lowest, highest=gauge.highest)
    before = known.get(_instant(reading))
    if before is not None and before != reading.value:
        return Conflict("reading.differs", field=field, at=reading.at)
    return None


def _check_flood(s: Session, gauge: Gauge, more: int, now_at: datetime) -> None:
    """Raises Conflict for a gauge that says more than any should."""
    lately = (GaugeReading.gauge_id == gauge.id, GaugeReading.received_at > now_at - timedelta(hours=1))
    if more and (s.scalar(select(func.count()).where(*lately)) or 0) + more > MOST_AN_HOUR:
        raise Conflict("reading.flood", most=MOST_AN_HOUR)


def _stored(s: Session, gauge: Gauge, fresh: Sequence[Reading], now_at: datetime, by_http: bool) -> tuple[Reading, ...]:
    if not fresh:
        return ()
    gauge.heard_at = now_at
    rows = [
        {"gauge_id": gauge.id, "at": each.at, "value": each.value, "received_at": now_at, "by_http": by_http}
        for each in fresh
    ]
    insert_many_once(s, GaugeReading, rows)
    if gauge.last_at is None or fresh[-1].at > gauge.last_at:
        gauge.last_at, gauge.last_value = fresh[-1].at, fresh[-1].value
    return tuple(fresh)
