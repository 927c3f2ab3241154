"""The test of what speaks by itself: the same words, said to be an exercise, every month."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts.freezing import STANDARD, Timing
from broadcaster.station.emergencies import orders
from broadcaster.station.gauges import allowances, rules
from broadcaster.station.gauges.allowance_steps import GaugeSpeechStep, require_speech_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Broadcast, Delivery, EmergencyOrder, GaugeRuleRow, Person

EVERY = timedelta(days=31)


def sound_now(
    s: Session, rule: GaugeRuleRow, *, key: str, by: Person, now_at: datetime, timing: Timing = STANDARD
) -> EmergencyOrder:
    """The exercise of a rule that may speak sounds now, as the two people allowed it together with the warning.

    ``key``: of the request; the same never sounds twice. Raises Invalid, Conflict or NotAllowed.
    """
    require_speech_step(s, GaugeSpeechStep.TEST, rule, by, now_at=now_at)
    allowance = allowances.in_force(s, rule, now_at=now_at)
    if allowance is None or allowance.confirmed_by is None or rule.drill is None:
        raise Conflict("gauge_rule.nothing_to_test")
    people = (allowance.asked_by, allowance.confirmed_by)
    order = orders.carry_out_allowed(
        s,
        rule.drill,
        people=people,
        follows=None,
        key=f"gauge-test {rule.id} {key}"[:120],
        now_at=now_at,
        timing=timing,
    )
    rule.tested_at = now_at
    changes.bump(s, "nodes")
    return order


def sounded_at(s: Session, rule: GaugeRuleRow) -> datetime | None:
    """When a node last played the rule's exercise whole, by its own word; None while none said so."""
    played = select(func.max(Broadcast.start_at)).join(Delivery, Delivery.broadcast_id == Broadcast.id)
    played = played.where(Broadcast.announcement_id == rule.drill_id, Delivery.state == DeliveryState.PLAYED)
    return s.scalar(played) if rule.drill_id else None


def untested(s: Session, *, now_at: datetime) -> list[GaugeRuleRow]:
    """Rules that may speak and whose exercise no node played for longer than a month, ordered or not."""
    found = []
    for rule in rules.listing(s):
        allowance = allowances.in_force(s, rule, now_at=now_at)
        if allowance is not None and allowance.confirmed_at is not None:
            since_at = max(each for each in (sounded_at(s, rule), allowance.confirmed_at) if each)
            if now_at - since_at > EVERY:
                found.append(rule)
    return found
