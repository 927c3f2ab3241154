"""What follows when people change texts, rules or rights: exercises are said anew, and what holds no more ends."""

from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.station.gauges import allowances, rules
from broadcaster.station.vocabulary.gauges import GaugeAction


def is_due(s: Session, *, now_at: datetime) -> bool:
    """Whether ``carry_on`` would do anything; asked without waiting for anybody who writes."""
    stale = any(
        rule.does is GaugeAction.SPEAK and rule.announcement is not None and not rules.drill_is_current(rule)
        for rule in rules.listing(s)
    )
    return stale or bool(allowances.void(s, now_at=now_at))


def carry_on(s: Session, *, now_at: datetime) -> None:
    """Do it: what changed ends before the exercise says the old words again."""
    allowances.settle(s, now_at=now_at)
    rules.renew_drills(s, now_at=now_at)
