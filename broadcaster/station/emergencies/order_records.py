"""Emergency orders as they stand, and the look back at what one person declared."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.emergencies.steps import OrderStep, require_step
from broadcaster.station.rows import changes
from broadcaster.station.schema import Broadcast, EmergencyOrder, Person
from broadcaster.station.vocabulary.states import EmergencyMode


def review(s: Session, *, order: EmergencyOrder, words: str, by: Person, now_at: datetime) -> EmergencyOrder:
    """Another person's finding on what one person declared or passed on. Raises Invalid, Conflict or NotAllowed."""
    current = locked(s, order)
    require_step(s, OrderStep.REVIEW, current, by, now_at=now_at)
    if not words.strip():
        raise Invalid("emergency.review_without_words", field="words")
    current.review = words.replace("\x00", "").strip()[:4000]
    current.reviewed_by_id, current.reviewed_at = by.id, now_at
    note(s, current, "reviewed", by=by, now_at=now_at)
    return current


def get(s: Session, order_id: str) -> EmergencyOrder:
    """Raises NotFound."""
    order = s.get(EmergencyOrder, order_id)
    if order is None:
        raise NotFound("emergency.order_not_found")
    return order


def order_of(s: Session, broadcast: Broadcast) -> EmergencyOrder | None:
    """The order this broadcast, or the row it belongs to, came of."""
    root = broadcast.repeat_of_id or broadcast.id
    return s.scalars(select(EmergencyOrder).where(EmergencyOrder.broadcast_id == root)).unique().first()


def open_orders(s: Session, *, now_at: datetime) -> list[EmergencyOrder]:
    """What waits for somebody, a second word or a review; the oldest first."""
    unanswered = and_(EmergencyOrder.broadcast_id.is_(None), EmergencyOrder.refused_at.is_(None))
    waiting = and_(unanswered, EmergencyOrder.expires_at > now_at)
    unreviewed = and_(EmergencyOrder.mode != EmergencyMode.TWO_PEOPLE, EmergencyOrder.reviewed_at.is_(None))
    chosen = select(EmergencyOrder).where(or_(waiting, unreviewed))
    return list(s.scalars(chosen.order_by(EmergencyOrder.asked_at, EmergencyOrder.id)).unique())


def standing(order: EmergencyOrder, *, now_at: datetime) -> str:
    """``waiting``, ``aired``, ``refused`` or ``expired``."""
    if order.broadcast_id is not None:
        return "aired"
    if order.refused_at is not None:
        return "refused"
    return "waiting" if now_at < order.expires_at else "expired"


def locked(s: Session, order: EmergencyOrder) -> EmergencyOrder:
    """The order as it is now, and nobody else's to change until the transaction ends."""
    chosen = select(EmergencyOrder).where(EmergencyOrder.id == order.id).with_for_update(of=EmergencyOrder)
    return s.scalars(chosen.execution_options(populate_existing=True)).unique().one()


def note(s: Session, order: EmergencyOrder, action: str, *, by: Person, now_at: datetime) -> None:
    """Write an act on the order into the audit trail, and tell the watchers."""
    details = {
        "announcement": order.announcement_id,
        "hash": order.content_hash,
        "drill": order.drill,
        "zones": order.zones,
        "mode": order.mode.value,
        "reason": order.reason,
        "broadcast": order.broadcast_id,
        "follows": order.follows_id,
    } | ({"every_minutes": order.every_minutes, "for_minutes": order.for_minutes} if order.every_minutes else {})
    audit.record(
        s, by=by, action=f"emergency.{action}", subject=f"emergency:{order.id}", now_at=now_at, details=details
    )
    changes.bump(s, "announcements")
