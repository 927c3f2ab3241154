"""Rules over gauges: written by people, judged by ``protocol.gauges.judging``."""

import math
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, Invalid, LoaError, NotFound
from broadcaster.protocol.gauges.judging import CALM, Row, RuleState
from broadcaster.protocol.gauges.rules import GaugeRule, Partner
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import announcements
from broadcaster.station.announcements.steps import OVER
from broadcaster.station.audit import entries as audit
from broadcaster.station.gauges import gauges
from broadcaster.station.gauges.steps import require_rule_open
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.schema import Gauge, GaugeRuleRow, Person
from broadcaster.station.schema.announcement_fields import fields_of
from broadcaster.station.units.units import require_in
from broadcaster.station.vocabulary.gauges import GaugeAction
from broadcaster.station.vocabulary.names import name_of

MOST_RULES = 32
"""Of one commune; every node may be told all of them."""
EXERCISE = "Đây là diễn tập. "


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWish:
    """What somebody wants to happen; each as in ``schema.GaugeRuleRow``. partner_id, announcement_id: may be empty."""

    name: str
    does: str
    level: float
    ends: float
    falling: bool = False
    in_row: int = 3
    lasting_seconds: int = 0
    rest_seconds: int = 3600
    partner_id: str = ""
    partner_level: float | None = None
    announcement_id: str = ""


def add(s: Session, gauge: Gauge, wish: RuleWish, *, by: Person, now_at: datetime) -> GaugeRuleRow:
    """Raises Invalid, NotFound, Conflict or NotAllowed."""
    require(s, by, "emergency", None)
    if gauge.closed_at is not None:
        raise Conflict("gauge.closed")
    if len(listing(s)) >= MOST_RULES:
        raise Conflict("gauge_rule.too_many", most=MOST_RULES)
    row = GaugeRuleRow(gauge_id=gauge.id, gauge=gauge, created_at=now_at, authors=[], state={})
    _write(s, row, wish, by=by, now_at=now_at)
    s.add(row)
    s.flush()
    s.refresh(row)
    _note(s, row, "added", by=by, now_at=now_at)
    return row


def change(s: Session, rule: GaugeRuleRow, wish: RuleWish, *, by: Person, now_at: datetime) -> None:
    """What was allowed of it before holds no more. Raises as ``add``."""
    require_rule_open(s, rule, by)
    _write(s, rule, wish, by=by, now_at=now_at)
    rule.state, rule.crossed_at = {}, None
    _note(s, rule, "changed", by=by, now_at=now_at)


def close(s: Session, rule: GaugeRuleRow, *, by: Person, now_at: datetime) -> None:
    """Nothing happens by it any more. Raises Conflict or NotAllowed."""
    require_rule_open(s, rule, by)
    rule.closed_at = now_at
    _note(s, rule, "closed", by=by, now_at=now_at)


def get(s: Session, rule_id: str) -> GaugeRuleRow:
    """Raises NotFound."""
    rule = s.get(GaugeRuleRow, rule_id)
    if rule is None:
        raise NotFound("gauge_rule.not_found")
    return rule


def listing(s: Session) -> list[GaugeRuleRow]:
    """Those that hold, in the order they were written."""
    chosen = select(GaugeRuleRow).where(GaugeRuleRow.closed_at.is_(None))
    return list(s.scalars(chosen.order_by(GaugeRuleRow.created_at, GaugeRuleRow.id)))


def over(s: Session, gauge: Gauge) -> list[GaugeRuleRow]:
    """Those that its readings are judged by."""
    return [each for each in listing(s) if gauge.id in (each.gauge_id, each.partner_id)]


def judged(rule: GaugeRuleRow) -> GaugeRule:
    """The rule as it is judged."""
    partner = rule.partner
    agrees = None
    if partner is not None and rule.partner_level is not None:
        agrees = Partner(gauge=partner.id, sender=partner.sender, limit=rule.partner_level)
    return GaugeRule(
        gauge=rule.gauge.id,
        sender=rule.gauge.sender,
        limit=rule.level,
        ends=rule.ends,
        falling=rule.falling,
        in_row=rule.in_row,
        lasting_seconds=rule.lasting_seconds,
        gap_seconds=max(rule.gauge.silent_minutes, partner.silent_minutes if partner else 0) * 60,
        rest_seconds=rule.rest_seconds,
        partner=agrees,
    )


def state_of(rule: GaugeRuleRow) -> RuleState:
    """Where it stands."""
    plain = rule.state
    if not plain:
        return CALM
    row, partner = [Row(each["count"], _at(each["since"]), _at(each["last"])) for each in plain["rows"]]
    return RuleState(row, partner, _at(plain["crossed"]), _at(plain["ended"]))


def keep_state(rule: GaugeRuleRow, state: RuleState) -> None:
    """Write down where it stands."""
    rows = [
        {"count": each.count, "since": _text(each.since_at), "last": _text(each.last_at)}
        for each in (state.row, state.partner)
    ]
    rule.state = {"rows": rows, "crossed": _text(state.crossed_at), "ended": _text(state.ended_at)}
    rule.crossed_at = state.crossed_at


def _write(s: Session, rule: GaugeRuleRow, wish: RuleWish, *, by: Person, now_at: datetime) -> None:
    if wish.does not in list(GaugeAction):
        raise Invalid("gauge_rule.action_unknown", field="does")
    rule.name, rule.does = name_of(wish.name, field="name"), GaugeAction(wish.does)
    rule.level, rule.ends, rule.falling = _finite(wish.level, "level"), _finite(wish.ends, "ends"), wish.falling
    rule.in_row, rule.lasting_seconds, rule.rest_seconds = wish.in_row, wish.lasting_seconds, wish.rest_seconds
    rule.partner = gauges.get(s, wish.partner_id) if wish.partner_id else None
    rule.partner_id = rule.partner.id if rule.partner else None
    rule.partner_level = _finite(wish.partner_level, "partner_level") if rule.partner else None
    rule.authors = sorted({*rule.authors, by.id})
    _check(rule)
    _take_words(s, rule, wish.announcement_id, by=by, now_at=now_at)


def _check(rule: GaugeRuleRow) -> None:
    """Raises Invalid with the field that is wrong."""
    if rule.partner is not None and rule.partner.closed_at is not None:
        raise Invalid("gauge.closed", field="partner")
    if rule.partner_id == rule.gauge.id:
        raise Invalid("gauge_rule.own_partner", field="partner")
    if not rule.gauge.lowest <= rule.level <= rule.gauge.highest:
        raise Invalid("gauge_rule.beyond_range", field="level", lowest=rule.gauge.lowest, highest=rule.gauge.highest)
    if rule.ends <= rule.level if rule.falling else rule.ends >= rule.level:
        raise Invalid("gauge_rule.ends_wrong", field="ends")
    for field, low, high in (("in_row", 1, 100), ("lasting_seconds", 0, 86_400), ("rest_seconds", 600, 604_800)):
        if not low <= getattr(rule, field) <= high:
            raise Invalid("gauge_rule.out_of_range", field=field, low=low, high=high)


def _take_words(s: Session, rule: GaugeRuleRow, announcement_id: str, *, by: Person, now_at: datetime) -> None:
    """What is said; of what speaks by itself, an exercise with the same words too."""
    if rule.does is GaugeAction.NOTIFY:
        rule.announcement, rule.announcement_id, rule.drill, rule.drill_id = None, None, None, None
        return
    if not announcement_id:
        raise Invalid("gauge_rule.no_words", field="announcement")
    found = announcements.get(s, announcement_id)
    require_in(s, found.zones, by=by, permission="emergency")
    if found.drill or found.broadcast_class is not BroadcastClass.EMERGENCY or found.state in OVER:
        raise Invalid("gauge_rule.words_no_warning", field="announcement")
    rule.announcement, rule.announcement_id = found, found.id
    if rule.does is GaugeAction.SPEAK:
        _renew_drill(s, rule, now_at=now_at)
    else:
        rule.drill, rule.drill_id = None, None


def renew_drills(s: Session, *, now_at: datetime) -> None:
    """Have every exercise say what its warning says since somebody changed that."""
    for rule in listing(s):
        if rule.does is GaugeAction.SPEAK and rule.announcement and not drill_is_current(rule):
            with suppress(LoaError), s.begin_nested():  # whoever wrote it may write no more: then it waits for another
                _renew_drill(s, rule, now_at=now_at)
                changes.bump(s, "agendas")


def drill_is_current(rule: GaugeRuleRow) -> bool:
    """Whether the exercise says what the warning says now."""
    warning, drill = rule.announcement, rule.drill
    if warning is None or drill is None or drill.state in OVER:
        return False
    places = {zone.id for zone in warning.zones} == {zone.id for zone in drill.zones}
    return drill.drill and drill.text == EXERCISE + warning.text and places


def _renew_drill(s: Session, rule: GaugeRuleRow, *, now_at: datetime) -> None:
    """In the name of whoever wrote the warning: the words are theirs."""
    warning = rule.announcement
    if warning is None or drill_is_current(rule):
        return
    written = replace(
        fields_of(warning),
        title=f"Diễn tập: {warning.title}"[:200],
        text=EXERCISE + warning.text,
        drill=True,
        phrase=None,
    )
    rule.drill = announcements.create(s, written, by=warning.updated_by, now_at=now_at)
    rule.drill_id = rule.drill.id


def _finite(value: float | None, field: str) -> float:
    if value is None or not math.isfinite(value):
        raise Invalid("gauge_rule.not_a_number", field=field)
    return float(value)


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _note(s: Session, rule: GaugeRuleRow, action: str, *, by: Person, now_at: datetime) -> None:
    plain = structs.asdict(judged(rule)) | {"partner": rule.partner_id}
    details = {"name": rule.name, "does": rule.does.value, "words": rule.announcement_id, "rule": plain}
    subject = f"gauge-rule:{rule.id}"
    audit.record(s, by=by, action=f"gauge_rule.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "agendas")
