"""What a person may do with an emergency order now: the act asks it, and its page and the API show it."""

from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotAllowed
from broadcaster.station.announcements.steps import still_sealed
from broadcaster.station.broadcasts.may_sound import check_may_sound
from broadcaster.station.emergencies.guards import nodes_meant, require_releaser, require_waiting, zones_of
from broadcaster.station.people.permitted import permitted
from broadcaster.station.people.roles import Permission
from broadcaster.station.schema import EmergencyOrder, Person
from broadcaster.station.units.units import require_in
from broadcaster.station.vocabulary.states import EmergencyMode


class OrderStep(StrEnum):
    """One thing to do with an order. CONFIRM, REFUSE: the second word; REVIEW: the look back at what one declared."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    REVIEW = "review"


def steps(s: Session, order: EmergencyOrder, person: Person, *, now_at: datetime) -> frozenset[OrderStep]:
    """All that this person may do with it now."""
    return permitted(OrderStep, partial(_require, s, order, person, now_at))


def require_step(s: Session, step: OrderStep, order: EmergencyOrder, person: Person, *, now_at: datetime) -> None:
    """Raises NotAllowed, or Conflict with what stands in the way."""
    if step is OrderStep.REVIEW:
        _require_review(s, order, person)
        return
    require_waiting(order, now_at)
    require_in(s, zones_of(s, order), by=person, permission=Permission.EMERGENCY)
    if step is OrderStep.CONFIRM:
        _require_confirmation(s, order, person, now_at)


def _require_confirmation(s: Session, order: EmergencyOrder, person: Person, now_at: datetime) -> None:
    announcement = order.announcement
    if person.id == order.asked_by_id:
        raise NotAllowed("emergency.own_order")
    if announcement.content_hash != order.content_hash or not still_sealed(announcement):
        raise Conflict("emergency.announcement_changed")
    require_releaser(s, announcement, order, person)
    nodes_meant(s, order)
    check_may_sound(s, announcement, now_at)


def _require_review(s: Session, order: EmergencyOrder, person: Person) -> None:
    if order.mode is EmergencyMode.TWO_PEOPLE or order.reviewed_at is not None:
        raise Conflict("emergency.no_review_due")
    require_in(s, zones_of(s, order), by=person, permission=Permission.APPROVE)
    if person.id == order.asked_by_id:
        raise NotAllowed("emergency.own_review")


def _require(s: Session, order: EmergencyOrder, person: Person, now_at: datetime, step: OrderStep) -> None:
    require_step(s, step, order, person, now_at=now_at)
