"""Nodes of which several residents say that they do not hear them, or that they are broken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from broadcaster.station.schema import Feedback, Node
from broadcaster.station.vocabulary.states import FeedbackState, NodeProblem

RECENT = timedelta(days=3)
SEVERAL = 2
"""So many different residents make it more than one person's ear."""
_SILENT = (NodeProblem.NOT_HEARD, NodeProblem.BROKEN)


@dataclass(frozen=True, slots=True)
class Complaint:
    """residents: how many different ones say it; since_at: the first of them."""

    node_id: str
    name: str
    residents: int
    since_at: datetime


def complaints(s: Session, *, now_at: datetime, node_id: str | None = None) -> list[Complaint]:
    """The nodes in service that several residents found silent lately, while that is not answered; by name."""
    first = aliased(Feedback)
    chosen = (
        select(Feedback.node_id, Node.name, Feedback.sender, Feedback.received_at)
        .join(Node, Node.id == Feedback.node_id)
        .outerjoin(first, first.id == Feedback.same_as_id)
        .where(
            Feedback.problem.in_(_SILENT),
            Feedback.received_at > now_at - RECENT,
            Feedback.state != FeedbackState.ANSWERED,
            (first.id.is_(None)) | (first.state != FeedbackState.ANSWERED),
            Node.revoked_at.is_(None),
        )
        .order_by(Node.name, Feedback.node_id, Feedback.received_at)
    )
    if node_id is not None:
        chosen = chosen.where(Feedback.node_id == node_id)
    found: dict[str, tuple[str, dict[str, datetime]]] = {}
    for each_id, name, sender, received_at in s.execute(chosen):
        found.setdefault(each_id, (name, {}))[1].setdefault(sender, received_at)
    return [
        Complaint(each_id, name, len(senders), min(senders.values()))
        for each_id, (name, senders) in found.items()
        if len(senders) >= SEVERAL
    ]
