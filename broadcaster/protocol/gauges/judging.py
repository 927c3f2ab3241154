"""Readings to the state of a rule: pure, the same at the station and on a node.

A reading that is not newer than the last of its gauge changes nothing; so the same readings lead to the same state,
however often they come.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadcaster.protocol.gauges.readings import Reading
from broadcaster.protocol.gauges.rules import GaugeRule


@dataclass(frozen=True, slots=True)
class Row:
    """Readings of one gauge that count, one after the other.

    count: how many.
    since_at: the first of them; None without one.
    last_at: the latest reading of the gauge, whether it counts or not.
    """

    count: int = 0
    since_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleState:
    """row, partner: of the gauge and of the one that must agree.

    crossed_at: the reading by which the crossing began that is not over yet; None in calm.
    ended_at: the reading by which the last crossing was over.
    """

    row: Row = Row()
    partner: Row = Row()
    crossed_at: datetime | None = None
    ended_at: datetime | None = None


CALM = RuleState()


def advance(rule: GaugeRule, state: RuleState, gauge: str, reading: Reading) -> RuleState:
    """The state after one more reading of ``gauge``."""
    if gauge == rule.gauge:
        row = _row(rule, state.row, reading, rule.limit)
        if row is state.row:
            return state
        if state.crossed_at is not None and is_over(rule, reading.value):
            return replace(state, row=row, crossed_at=None, ended_at=reading.at)
        return _crossed(rule, replace(state, row=row))
    if rule.partner is not None and gauge == rule.partner.gauge:
        row = _row(rule, state.partner, reading, rule.partner.limit)
        return state if row is state.partner else _crossed(rule, replace(state, partner=row))
    return state


def counts(rule: GaugeRule, value: float, limit: float) -> bool:
    """Whether a value is at the limit or beyond it."""
    return value <= limit if rule.falling else value >= limit


def is_over(rule: GaugeRule, value: float) -> bool:
    """Whether a value ends a crossing."""
    return value >= rule.ends if rule.falling else value <= rule.ends


def _row(rule: GaugeRule, row: Row, reading: Reading, limit: float) -> Row:
    """With one more reading; the same object for one that is not newer."""
    if row.last_at is not None and reading.at <= row.last_at:
        return row
    if not counts(rule, reading.value, limit):
        return Row(last_at=reading.at)
    if row.since_at is None or row.last_at is None or reading.at - row.last_at > _gap(rule):
        return Row(1, reading.at, reading.at)
    return Row(row.count + 1, row.since_at, reading.at)


def _crossed(rule: GaugeRule, state: RuleState) -> RuleState:
    """A crossing begins when all is fulfilled and the rest after the last one is over."""
    rows = (state.row, state.partner) if rule.partner else (state.row,)
    if state.crossed_at is not None or not all(_is_fulfilled(rule, row) for row in rows):
        return state
    instants = sorted(row.last_at for row in rows if row.last_at)
    crossed_at = instants[-1]
    if crossed_at - instants[0] > _gap(rule):
        return state
    if state.ended_at is not None and crossed_at < state.ended_at + timedelta(seconds=rule.rest_seconds):
        return state
    return replace(state, crossed_at=crossed_at)


def _is_fulfilled(rule: GaugeRule, row: Row) -> bool:
    if row.since_at is None or row.last_at is None:
        return False
    return row.count >= rule.in_row and row.last_at - row.since_at >= timedelta(seconds=rule.lasting_seconds)


def _gap(rule: GaugeRule) -> timedelta:
    return timedelta(seconds=rule.gap_seconds)
