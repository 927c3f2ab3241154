"""Silence for the whole commune: one person orders it, two people lift it."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict, NotFound
from broadcaster.station.audit import entries as audit
from broadcaster.station.people.roles import require
from broadcaster.station.rows import changes
from broadcaster.station.rules.steps import StopAllStep, require_step
from broadcaster.station.schema import Node, NodeState, Person, StopAll


def in_force(s: Session) -> StopAll | None:
    """The order that holds now."""
    newest = select(StopAll).where(StopAll.lifted_at.is_(None)).order_by(StopAll.ordered_at.desc(), StopAll.id)
    return s.scalar(newest.limit(1))


def get(s: Session, order_id: str) -> StopAll:
    """Raises NotFound."""
    stop = s.get(StopAll, order_id)
    if stop is None:
        raise NotFound("stop_all.not_found")
    return stop


def not_yet_silent(s: Session) -> list[Node]:
    """Nodes in service that have not said that they obey the order; those without a connection are among them."""
    chosen = select(Node).outerjoin(NodeState, NodeState.node_id == Node.id)
    still = NodeState.stopped.is_not(True) | NodeState.online.is_not(True)
    return list(s.scalars(chosen.where(Node.revoked_at.is_(None), still).order_by(Node.name, Node.id)))


def order(s: Session, *, by: Person, reason: str, now_at: datetime) -> StopAll:
    """Silence everything; the order already in force when there is one."""
    require(s, by, "emergency", None)
    current = in_force(s)
    if current is not None:
        return current
    stop = StopAll(ordered_by_id=by.id, ordered_at=now_at, reason=reason.replace("\x00", "").strip()[:400])
    s.add(stop)
    s.flush()
    _note(s, stop, "stop.ordered", by=by, now_at=now_at)
    return stop


def ask_lift(s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None) -> StopAll:
    """The first of the two who lift it. Raises Conflict when no order, or not the one ``meant``, is in force."""
    require(s, by, "emergency", None)
    stop = _locked(s, meant)
    require_step(s, StopAllStep.ASK_TO_LIFT, stop, by)
    stop.lift_asked_by_id, stop.lift_asked_at = by.id, now_at
    _note(s, stop, "stop.lift_asked", by=by, now_at=now_at)
    return stop


def lift(s: Session, *, by: Person, now_at: datetime, meant: StopAll | None = None) -> StopAll:
    """The second, who must be somebody else. Raises Conflict when nobody asked, NotAllowed for the same person."""
    require(s, by, "emergency", None)
    stop = _locked(s, meant)
    require_step(s, StopAllStep.LIFT, stop, by)
    lifted = {"lifted_by_id": by.id, "lifted_at": now_at}
    # two stations may each have taken an order in the same instant; silence then ends for both
    s.execute(update(StopAll).where(StopAll.lifted_at.is_(None)).values(lifted))
    _note(s, stop, "stop.lifted", by=by, now_at=now_at)
    return stop


def _locked(s: Session, meant: StopAll | None) -> StopAll:
    chosen = select(StopAll).where(StopAll.lifted_at.is_(None)).order_by(StopAll.ordered_at.desc(), StopAll.id)
    stop = s.scalar(chosen.limit(1).with_for_update(of=StopAll))
    if stop is None:
        raise Conflict("stop_all.none_in_force")
    if meant is not None and meant.id != stop.id:
        raise Conflict("stop_all.lifted_already")
    return stop


def _note(s: Session, stop: StopAll, action: str, *, by: Person, now_at: datetime) -> None:
    audit.record(s, by=by, action=action, subject=f"stop:{stop.id}", now_at=now_at, details={"reason": stop.reason})
    changes.bump(s, "agendas")
    changes.bump(s, "nodes")
