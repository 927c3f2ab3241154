"""What two people allow beforehand: that one rule says one clip without anybody, and nothing else."""

import hashlib
import json
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import NotFound
from broadcaster.station.announcements.steps import OVER, still_sealed
from broadcaster.station.audit import entries as audit
from broadcaster.station.gauges import rules
from broadcaster.station.people.roles import may
from broadcaster.station.rows import changes
from broadcaster.station.schema import GaugeAllowance, GaugeRuleRow, Person
from broadcaster.station.units.units import units_in
from broadcaster.station.vocabulary.gauges import GaugeAction


def get(s: Session, allowance_id: str) -> GaugeAllowance:
    """Raises NotFound."""
    allowance = s.get(GaugeAllowance, allowance_id)
    if allowance is None:
        raise NotFound("gauge_rule.allowance_not_found")
    return allowance


def listing(s: Session, rule: GaugeRuleRow) -> list[GaugeAllowance]:
    """Those of a rule that nobody ended, asked or confirmed; also such as hold no more since something changed."""
    chosen = select(GaugeAllowance).where(GaugeAllowance.rule_id == rule.id, GaugeAllowance.ended_at.is_(None))
    return list(s.scalars(chosen.order_by(GaugeAllowance.asked_at, GaugeAllowance.id)))


def in_force(s: Session, rule: GaugeRuleRow, *, now_at: datetime) -> GaugeAllowance | None:
    """What lets this rule speak now: nothing was changed since, and both people may still approve."""
    words = rule.announcement
    if not speaks(rule) or words is None or words.state in OVER or not still_sealed(words):
        return None
    if words.valid_until_at is not None and words.valid_until_at <= now_at:
        return None
    current = seal(rule)
    for each in listing(s, rule):
        people = (each.asked_by, each.confirmed_by)
        holds = each.confirmed_at is not None and each.seal == current and now_at < each.expires_at
        if holds and all(person and _may(s, rule, person) for person in people):
            return each
    return None


def settle(s: Session, *, now_at: datetime) -> None:
    """What holds no more ends for good: changing a text back allows nothing."""
    for each in void(s, now_at=now_at):
        each.ended_at = now_at
        note(s, each, "voided", by=None, now_at=now_at)


def void(s: Session, *, now_at: datetime) -> list[GaugeAllowance]:
    """Those that nobody ended and that hold no more, asked or confirmed."""
    chosen = select(GaugeAllowance).where(GaugeAllowance.ended_at.is_(None)).order_by(GaugeAllowance.id)
    return [each for each in s.scalars(chosen) if not _stands(s, each, now_at)]


def _stands(s: Session, each: GaugeAllowance, now_at: datetime) -> bool:
    if each.confirmed_at is not None:
        return in_force(s, each.rule, now_at=now_at) is each
    return each.seal == seal(each.rule) and speaks(each.rule)


def seal(rule: GaugeRuleRow) -> str:
    """Hash of when it speaks and of what it says, for real and as an exercise."""
    texts = [each.content_hash if each else None for each in (rule.announcement, rule.drill)]
    content = [msgspec.to_builtins(rules.judged(rule)), rule.does.value, *texts]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def is_ready(rule: GaugeRuleRow) -> bool:
    """Whether the warning and its exercise can both be heard."""
    texts = (rule.announcement, rule.drill)
    return rules.drill_is_current(rule) and all(each is not None and still_sealed(each) for each in texts)


def speaks(rule: GaugeRuleRow) -> bool:
    """Whether it is one that says something by itself, and stands."""
    return rule.does is GaugeAction.SPEAK and rule.closed_at is None and rule.gauge.closed_at is None


def _may(s: Session, rule: GaugeRuleRow, person: Person) -> bool:
    zones = rule.announcement.zones if rule.announcement else []
    return all(may(s, person, "approve", unit_id) for unit_id in units_in(s, zones))


def note(s: Session, allowance: GaugeAllowance, action: str, *, by: Person | None, now_at: datetime) -> None:
    details = {"rule": allowance.rule_id, "seal": allowance.seal, "clip": allowance.clip_sha256}
    subject = f"gauge-allowance:{allowance.id}"
    audit.record(s, by=by, action=f"gauge_allowance.{action}", subject=subject, now_at=now_at, details=details)
    changes.bump(s, "agendas")
