"""Which nodes have not yet said that they obey the newest agenda: an edit counts only once they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import DeliveryState
from broadcaster.station.copies import own_copy
from broadcaster.station.copies.own_copy import OwnCopy
from broadcaster.station.nodes.board import Presence, presence_of
from broadcaster.station.schema import AgendaIssue, Broadcast, Node, NodeState
from broadcaster.station.vocabulary.states import BroadcastState

_REPORTED = frozenset(DeliveryState) - {DeliveryState.PLANNED, DeliveryState.STORED, DeliveryState.PLAYING}


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A node that may still follow an older agenda.

    node: the node.
    presence: "online", "offline", "unknown" or "never"; who is not online drops the old agenda when it comes back.
    issued_number, issued_at: of the newest agenda; None when none was issued yet.
    obeyed_number: of the agenda the node last named; None when it never spoke.
    """

    node: Node
    presence: Presence
    issued_number: int | None
    issued_at: datetime | None
    obeyed_number: int | None


def unconfirmed(s: Session, *, now_at: datetime, nodes: Sequence[str] | None = None) -> list[Unconfirmed]:
    """The nodes in service, of these ids or all, that do not obey the newest agenda; by name."""
    return [each for each in _all(s, now_at=now_at, nodes=nodes) if _is_behind(each)]


def unconfirmed_of(s: Session, broadcast: Broadcast, *, now_at: datetime) -> list[Unconfirmed]:
    """The nodes of one broadcast that may not know how it stands now.

    Of a cancelled one those that have neither taken an agenda issued since, nor said what became of it.
    """
    open_still = [each.node_id for each in broadcast.deliveries if each.state not in _REPORTED]
    found = _all(s, now_at=now_at, nodes=open_still)
    if broadcast.state is not BroadcastState.CANCELLED or broadcast.cancelled_at is None:
        return [each for each in found if _is_behind(each)]
    since_at = broadcast.cancelled_at
    return [each for each in found if _is_behind(each) or each.issued_at is None or each.issued_at < since_at]


def _all(s: Session, *, now_at: datetime, nodes: Sequence[str] | None) -> list[Unconfirmed]:
    own = own_copy.read(s)
    chosen = (
        select(Node, NodeState, AgendaIssue)
        .outerjoin(NodeState, NodeState.node_id == Node.id)
        .outerjoin(AgendaIssue, AgendaIssue.node_id == Node.id)
        .where(Node.revoked_at.is_(None))
        .order_by(Node.name, Node.id)
    )
    if nodes is not None:
        chosen = chosen.where(Node.id.in_(nodes))
    return [
        Unconfirmed(
            node,
            presence_of(state, now_at, own=own, issued_number=issue.number if issue else None),
            issue.number if issue else None,
            issue.issued_at if issue else None,
            _obeyed(state, own),
        )
        for node, state, issue in s.execute(chosen)
    ]


def _obeyed(state: NodeState | None, own: OwnCopy) -> int | None:
    """The number, where it is one of this copy and term; another's counts as none."""
    if state is None:
        return None
    return state.agenda_number if state.agenda_term == own.term else 0


def _is_behind(node: Unconfirmed) -> bool:
    if node.issued_number is None or node.presence == "elsewhere":
        return True
    return node.obeyed_number is None or node.obeyed_number < node.issued_number
