"""Readings come in, are judged by every rule over their gauge, and what the rule says happens.

Nothing sounds from here: *speak* is done by the nodes, which hold what two people allowed. Where that is allowed no
more, an order is prepared instead.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.protocol.gauges.judging import RuleState, advance
from broadcaster.protocol.gauges.readings import Reading
from broadcaster.station.alerts import prepared
from broadcaster.station.gauges import allowances, gauges, readings, rules
from broadcaster.station.gauges.readings import TakenReadings
from broadcaster.station.notices import events
from broadcaster.station.rows import changes
from broadcaster.station.schema import Gauge, GaugeRuleRow, ReceivedAlert
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.vocabulary.gauges import GaugeAction

LATE_HOURS = 1
"""A crossing that is heard of so late tells nobody what to do now."""


def take(
    s: Session, gauge: Gauge, said: Sequence[Reading], *, now_at: datetime, by_http: bool = False, whole: bool = True
) -> TakenReadings:
    """Keep what a gauge said, and let its rules follow. Raises as ``readings.take``."""
    taken = readings.take(s, gauge, said, now_at=now_at, by_http=by_http, whole=whole)
    if taken.fresh:
        for rule in rules.over(s, gauge):
            _follow(s, rule, gauge, taken.fresh, now_at=now_at)
        changes.bump(s, "nodes")
    return taken


def take_of_sender(
    s: Session, sender: str, gauge_id: str, said: Sequence[Reading], *, now_at: datetime
) -> TakenReadings:
    """The same of what came over the broker: only what its account may say. Raises NotFound or NotAllowed too."""
    gauge = gauges.get(s, gauge_id)
    if gauge.sender != sender:
        raise NotAllowed("reading.of_another")
    return take(s, gauge, said, now_at=now_at, whole=False)


def _follow(s: Session, rule: GaugeRuleRow, gauge: Gauge, fresh: Sequence[Reading], *, now_at: datetime) -> None:
    judged, before = rules.judged(rule), rules.state_of(rule)
    state = before
    for reading in fresh:
        state = advance(judged, state, gauge.id, reading)
    if state == before:
        return
    rules.keep_state(rule, state)
    if before.crossed_at is not None and state.crossed_at != before.crossed_at:
        _over(s, rule, now_at=now_at)
    if state.crossed_at is not None and state.crossed_at != before.crossed_at:
        _begin(s, rule, state, now_at=now_at)


def _begin(s: Session, rule: GaugeRuleRow, state: RuleState, *, now_at: datetime) -> None:
    crossed_at = state.crossed_at
    assert crossed_at is not None
    if (now_at - crossed_at).total_seconds() > LATE_HOURS * 3600:
        return
    speaks = allowances.in_force(s, rule, now_at=now_at) is not None
    if rule.does is not GaugeAction.NOTIFY and not speaks and rule.announcement is not None:
        wanted = prepared.Preparation(
            kind=prepared.GAUGES,
            key=f"{rule.id} {crossed_at.isoformat()}",
            sender=rule.gauge_id,
            written=fields_of(rule.announcement),
        )
        rule.alert_id = prepared.prepare(s, wanted, now_at=now_at).id
    events.gauge_crossed(
        s,
        rule_id=rule.id,
        facts={
            "gauge": rule.gauge.name,
            "rule": rule.name,
            "value": _plain(rule.gauge.last_value),
            "unit": rule.gauge.physical_unit,
        },
        speaks=speaks,
        unit_id=rule.gauge.unit_id,
        now_at=now_at,
    )


def _over(s: Session, rule: GaugeRuleRow, *, now_at: datetime) -> None:
    """The water is down again: what nobody ordered waits no more."""
    row = s.get(ReceivedAlert, rule.alert_id) if rule.alert_id else None
    if row is not None:
        prepared.end(s, row, now_at=now_at)
    rule.alert_id = None


def _plain(value: float | None) -> str:
    return f"{value:g}".replace(".", ",") if value is not None else "?"
