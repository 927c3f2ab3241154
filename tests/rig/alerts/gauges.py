"""Gauges and rules over them in the small commune, as far as two people allow them to speak."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from broadcaster.protocol.gauges.readings import Reading
from broadcaster.station.announcements import announcements
from broadcaster.station.crossings import keeping, taking
from broadcaster.station.database.engine import Database
from broadcaster.station.gauges import allowances, allowing, gauges, rules
from broadcaster.station.gauges.gauges import GaugeWish
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.people import people
from broadcaster.station.schema import Announcement, Gauge, GaugeAllowance, GaugeRuleRow, Person, RenderJob
from broadcaster.station.vocabulary.states import JobState
from tests.rig.commune import Commune, render, write

AT = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
WARNING = "Nước suối dâng cao. Bà con ở ven suối lên chỗ cao ngay."


def gauge(database: Database, commune: Commune, name: str = "Suối Nà Cà", **more: Any) -> Gauge:
    wish = {"unit_id": "ban-cuon", "measure": "water_level", "physical_unit": "m", "lowest": 0.0, "highest": 20.0}
    with database.session() as s:
        return gauges.add(s, GaugeWish(name=name, **(wish | more)), by=commune.administrator, now_at=AT)[0]


def deputy(database: Database) -> Person:
    """A second person who may approve everywhere."""
    with database.session() as s:
        made, _ = people.add_person(
            s, username="phochutich", full_name="Lý Thị Mai", password=None, roles=[("con-minh", "approver")], by=None,
            now_at=AT,
        )  # fmt: skip
        return made


def warning(database: Database, commune: Commune, **more: Any) -> Announcement:
    """A rendered emergency text for Bản Cuôn."""
    written = {"text": WARNING, "title": "Nước dâng", "broadcast_class": "emergency", "zones": ("ban-cuon",)} | more
    made = write(database, commune.officer, now_at=AT, **written)
    make_clips(database)
    with database.reading() as s:
        return announcements.get(s, made.id)


def make_clips(database: Database) -> None:
    """All that wait; the same words have theirs already."""
    waiting = select(RenderJob.id).where(RenderJob.state == JobState.QUEUED)
    while True:
        with database.reading() as s:
            if s.scalars(waiting).first() is None:
                return
        render(database, now_at=AT)


def rule(database: Database, commune: Commune, measured: Gauge, **more: Any) -> GaugeRuleRow:
    wish = {"name": "Báo động 2", "does": "notify", "level": 3.0, "ends": 2.0, "in_row": 3} | more
    with database.session() as s:
        return rules.add(s, gauges.get(s, measured.id), RuleWish(**wish), by=commune.officer, now_at=AT)


def speaking(
    database: Database, commune: Commune, measured: Gauge, *both: Person, **more: Any
) -> GaugeAllowance | None:
    """A rule that speaks, its exercise rendered, asked for by the first of these people and confirmed by the second."""
    words = warning(database, commune)
    made = rule(database, commune, measured, does="speak", announcement_id=words.id, **more)
    make_clips(database)
    return allow(database, made, *both)


def allow(database: Database, made: GaugeRuleRow, *both: Person) -> GaugeAllowance | None:
    if not both:
        return None
    with database.session() as s:
        current = rules.get(s, made.id)
        asked = allowing.ask(s, rule=current, heard=allowances.seal(current), by=both[0], now_at=AT)
        if len(both) > 1:
            allowing.confirm(s, allowance=asked, heard=asked.seal, by=both[1], now_at=AT)
        return asked


def say(database: Database, measured: Gauge, values: Sequence[float], *, begin_at: datetime = AT) -> None:
    """One reading a minute, each taken in when it was taken."""
    for index, value in enumerate(values):
        at = begin_at + index * timedelta(minutes=1)
        with database.session() as s:
            taking.take(s, gauges.get(s, measured.id), [Reading(at=at, value=value)], now_at=at)


def carry_on(database: Database, now_at: datetime = AT) -> None:
    with database.session() as s:
        if keeping.is_due(s, now_at=now_at):
            keeping.carry_on(s, now_at=now_at)
