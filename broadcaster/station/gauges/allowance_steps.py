"""What a person may do about a rule that speaks by itself: the act asks it, page and API show it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.gauges import allowances, rules
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import GaugeAllowance, GaugeRuleRow, Person


class GaugeSpeechStep(StrEnum):
    """Of a rule. ALLOW: ask that it speaks by itself; TEST: let its exercise sound now."""

    ALLOW = "allow"
    TEST = "test"


class GaugeAllowanceStep(StrEnum):
    """CONFIRM: the second person's word; END: the rule speaks by it no more."""

    CONFIRM = "confirm"
    END = "end"


def speech_steps(s: Session, rule: GaugeRuleRow, person: Person, *, now_at: datetime) -> frozenset[GaugeSpeechStep]:
    """All that this person may do about what the rule says now."""
    return permitted(GaugeSpeechStep, lambda step: require_speech_step(s, step, rule, person, now_at=now_at))


def require_speech_step(
    s: Session, step: GaugeSpeechStep, rule: GaugeRuleRow, person: Person, *, now_at: datetime
) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    if step is GaugeSpeechStep.TEST:
        require(s, person, Permission.EMERGENCY, None)
        if allowances.in_force(s, rule, now_at=now_at) is None or rule.drill is None:
            raise Conflict("gauge_rule.nothing_to_test")
        return
    _require_may_allow(s, rule, person)
    if any(each.seal == allowances.seal(rule) for each in allowances.listing(s, rule)):
        raise Conflict("gauge_rule.already_asked")
    _require_ready(rule)


def allowance_steps(s: Session, allowance: GaugeAllowance, person: Person) -> frozenset[GaugeAllowanceStep]:
    """All that this person may do with the allowance now."""
    return permitted(GaugeAllowanceStep, lambda step: require_allowance_step(s, step, allowance, person))


def require_allowance_step(s: Session, step: GaugeAllowanceStep, allowance: GaugeAllowance, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    if step is GaugeAllowanceStep.END:
        require(s, person, Permission.EMERGENCY, None)
        if allowance.ended_at is not None:
            raise Conflict("gauge_rule.allowance_settled")
        return
    _require_may_allow(s, allowance.rule, person)
    if allowance.ended_at is not None or allowance.confirmed_at is not None:
        raise Conflict("gauge_rule.allowance_settled")
    if person.id == allowance.asked_by_id:
        raise NotAllowed("gauge_rule.own_allowance")
    _require_ready(allowance.rule)
    if allowance.seal != allowances.seal(allowance.rule):
        raise Conflict("gauge_rule.changed_since_heard")


def _require_may_allow(s: Session, rule: GaugeRuleRow, person: Person) -> None:
    """Raises Conflict or NotAllowed: who wrote any part of it allows none of it."""
    words = rule.announcement
    if not allowances.speaks(rule) or words is None:
        raise Conflict("gauge_rule.does_not_speak")
    require(s, person, Permission.APPROVE, None)
    if person.id in {words.created_by_id, words.updated_by_id, *words.authors, *rule.authors}:
        raise NotAllowed("gauge_rule.own_words")


def _require_ready(rule: GaugeRuleRow) -> None:
    """Raises Conflict unless the warning and its exercise can both be heard."""
    if not rules.drill_is_current(rule):
        raise Conflict("gauge_rule.drill_old")
    if not allowances.is_ready(rule):
        raise Conflict("gauge_rule.no_clip")
