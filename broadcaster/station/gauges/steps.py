"""What a person may do with a gauge and the rules over it: the act asks it, page and API show it."""

from enum import StrEnum

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission, require
from broadcaster.station.schema import Gauge, GaugeRuleRow, Person


class GaugeStep(StrEnum):
    """RENEW: another token, for one that sends by itself; CLOSE: take in nothing more of it."""

    RENEW = "renew"
    CLOSE = "close"


class GaugeRuleStep(StrEnum):
    """CHANGE: write it anew, so that what was allowed of it ends; CLOSE: nothing happens by it any more."""

    CHANGE = "change"
    CLOSE = "close"


def gauge_steps(s: Session, gauge: Gauge, person: Person) -> frozenset[GaugeStep]:
    """All that this person may do with the gauge now."""
    return permitted(GaugeStep, lambda step: require_gauge_step(s, step, gauge, person))


def require_gauge_step(s: Session, step: GaugeStep, gauge: Gauge, person: Person) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    require(s, person, Permission.MANAGE_NODES, None)
    if step is GaugeStep.RENEW and (gauge.closed_at is not None or gauge.node_id is not None):
        raise Conflict("gauge.no_token")
    if gauge.closed_at is not None:
        raise Conflict("gauge.closed")


def rule_steps(s: Session, rule: GaugeRuleRow, person: Person) -> frozenset[GaugeRuleStep]:
    """All that this person may do with the rule now; what it may say is ``allowance_steps``."""
    return permitted(GaugeRuleStep, lambda _step: require_rule_open(s, rule, person))


def require_rule_open(s: Session, rule: GaugeRuleRow, person: Person) -> None:
    """Of every step. Raises NotAllowed, or Conflict when the rule was closed."""
    require(s, person, Permission.EMERGENCY, None)
    if rule.closed_at is not None:
        raise Conflict("gauge_rule.closed")
