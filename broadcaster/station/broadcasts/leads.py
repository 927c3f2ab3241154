"""How long before its first sample an order is given: long enough for every node to have it, and no longer.

All nodes of an order start together, so that the slowest decides. What each needs follows from its last answers and
from its amplifier; a node that is not there keeps nobody waiting.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.broadcasts.freezing import Timing
from broadcaster.station.nodes.observed.answers import slowest_seconds
from broadcaster.station.rows.key_batches import portions
from broadcaster.station.schema import AgendaIssue, Announcement, Decision, Node, NodeState

BEGINNING_SECONDS = 0.3
"""Besides an answer: the order is seen by who publishes it, and the node opens clip and sound card."""
SETTLED = timedelta(seconds=2)
"""So long after a release every agenda that was changed by it is signed."""


class _Known(NamedTuple):
    """Of a node's state, each as in ``schema.NodeState``; given_number: of the agenda it was last given."""

    node_id: str
    playing: str | None
    clips_missing: int
    pre_roll_ms: int | None
    answers_ms: list[int]
    agenda_number: int
    given_number: int

    @property
    def is_current(self) -> bool:
        """Whether it obeys its last agenda and holds every clip of it."""
        return self.agenda_number == self.given_number and not self.clips_missing


def lead(
    s: Session, nodes: Sequence[Node], announcement: Announcement, *, now_at: datetime, timing: Timing
) -> timedelta:
    """From an order of it given now to its first sample on these nodes."""
    stored_ahead = now_at - _ready_at(s, announcement) >= SETTLED
    weak = {node.id for node in nodes if node.weak_link}
    needed = [_needed(each, timing, weak=each.node_id in weak) for each in _present(s, nodes)]
    if not stored_ahead:
        needed.append(timing.lead_seconds)
    seconds = max(needed, default=timing.lead_seconds)
    is_alarm = announcement.broadcast_class is BroadcastClass.EMERGENCY
    longest = timing.lead_seconds if is_alarm else max(timing.lead_seconds, timing.longest_lead_seconds)
    return timedelta(seconds=min(max(seconds, timing.shortest_lead_seconds), longest))


def _ready_at(s: Session, announcement: Announcement) -> datetime:
    """When its sound was last changed or released: from then on the nodes fetch it, before anything is ordered."""
    decided_at = s.scalar(select(func.max(Decision.at)).where(Decision.announcement_id == announcement.id))
    return max(announcement.updated_at, decided_at or announcement.updated_at)


def _needed(known: _Known, timing: Timing, *, weak: bool) -> float:
    """Seconds for one node: no less than usual where its answers or its clips are not known well enough, or it has to
    fall silent first."""
    answer = slowest_seconds(known.answers_ms, weak=weak)
    if answer is None or known.pre_roll_ms is None:
        return timing.lead_seconds
    seconds = answer + known.pre_roll_ms / 1000 + BEGINNING_SECONDS
    return max(seconds, timing.lead_seconds) if known.playing or not known.is_current else seconds


def _present(s: Session, nodes: Sequence[Node]) -> list[_Known]:
    """Those of the nodes that are there."""
    columns = (
        NodeState.node_id,
        NodeState.playing,
        NodeState.clips_missing,
        NodeState.pre_roll_ms,
        NodeState.answers_ms,
        NodeState.agenda_number,
        AgendaIssue.number,
    )
    chosen = select(*columns).join(AgendaIssue, AgendaIssue.node_id == NodeState.node_id)
    found: list[_Known] = []
    for some in portions(sorted(node.id for node in nodes)):
        rows = s.execute(chosen.where(NodeState.node_id.in_(some), NodeState.online.is_(True)))
        found += [_Known(*row) for row in rows]
    return found
