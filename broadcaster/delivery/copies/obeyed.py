"""What the nodes say they obey, beside what we gave them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from broadcaster.station.copies.own_copy import OwnCopy
from broadcaster.station.schema import AgendaIssue, Node, NodeState


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What one node says it obeys, and what we gave it.

    term, issuer, number: of the agenda it obeys, or of the highest it ever did where that agenda was lost.
    refused: the agenda it did not take, as in ``RefusedAgenda``; empty without one.
    issued, issued_by: number and name of the last agenda of ours.
    heard: the node itself said so since this process began; otherwise the database brought it along.
    """

    node: str
    term: int
    issuer: str
    number: int
    refused: dict[str, Any]
    issued: int
    issued_by: str
    heard: bool = True


def is_ahead(own: OwnCopy, each: Obeyed) -> bool:
    """Whether our next agenda would be refused, or our last was, for what the node obeys."""
    if each.term != own.term:
        return each.term > own.term
    foreign = each.issuer != "" and each.issuer not in own.live
    return each.number > each.issued or (foreign and each.number == each.issued > 0)


def notable(s: Session, own: OwnCopy, *, since_at: datetime) -> Iterable[Obeyed]:
    """The nodes that obey anything but our names and numbers, or refused something; ``heard`` when since then."""
    issued = func.coalesce(AgendaIssue.number, 0)
    chosen = (
        select(NodeState, issued, func.coalesce(AgendaIssue.issuer, ""))
        .join(Node, Node.id == NodeState.node_id)
        .outerjoin(AgendaIssue, AgendaIssue.node_id == NodeState.node_id)
        .where(
            Node.revoked_at.is_(None),
            NodeState.agenda_number + NodeState.highest_number > 0,
            or_(
                NodeState.agenda_term > own.term,
                NodeState.agenda_number > issued,
                NodeState.highest_number > issued,
                NodeState.agenda_issuer.not_in(["", *own.live]),
                cast(NodeState.refused, String) != "{}",
            ),
        )
    )
    for state, number, name in s.execute(chosen.execution_options(populate_existing=True)):
        highest = max(state.agenda_number, state.highest_number)
        refused = dict(state.refused or {})
        heard = state.seen_at is not None and state.seen_at >= since_at
        yield Obeyed(state.node_id, state.agenda_term, state.agenda_issuer, highest, refused, number, name, heard)


def obedient(s: Session, own: OwnCopy, *, since_at: datetime) -> Iterable[str]:
    """The nodes that said since then that they obey an agenda of ours."""
    chosen = select(NodeState.node_id).join(AgendaIssue, AgendaIssue.node_id == NodeState.node_id)
    return s.scalars(
        chosen.where(
            NodeState.seen_at >= since_at,
            NodeState.agenda_issuer.in_(own.live),
            NodeState.agenda_number <= AgendaIssue.number,
            NodeState.agenda_term == own.term,
        )
    )
