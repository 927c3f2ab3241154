"""What nodes say of themselves, taken over for many at once; of each the latest word wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.status import NodeStatus
from broadcaster.refusals.reasons import encode
from broadcaster.station.nodes import health_history
from broadcaster.station.nodes.observed import answers, duplicates
from broadcaster.station.nodes.reasons import of_trouble
from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import insert_many_once, put_many
from broadcaster.station.rows.key_batches import portions
from broadcaster.station.schema import AgendaIssue, Node, NodeState

_COPIED = (
    "connection", "agenda_number", "agenda_term", "agenda_issuer", "highest_number", "clips_missing", "clock",
    "clock_error_ms", "playing", "stopped", "muted", "volume_percent", "sound", "screen", "pre_roll_ms",
    "software", "boot",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArrivedStatus:
    """A status and when it came in.

    fresh: False for a retained message replayed by the broker: it tells how the node was, and is no sign of life.
    """

    status: NodeStatus
    received_at: datetime
    fresh: bool = True


def record(s: Session, *, status: NodeStatus, now_at: datetime, fresh: bool = True) -> bool:
    """Take over one; False when it is stale, or not of a node in service. See ``record_all``."""
    return record_all(s, {status.node: [ArrivedStatus(status, now_at, fresh)]}) == {status.node}


def record_all(s: Session, said: Mapping[str, Sequence[ArrivedStatus]]) -> set[str]:
    """Take over what each node said, in the order it came; those of which something was not stale.

    A will (``at`` is None) of an older connection is stale, and all that is said in the name of a node that is not in
    service. Rows are locked and written in the order of the nodes' ids.
    """
    serving = _serving(s, sorted(said))
    _make_rows(s, serving)
    moved = {node: state for node, state in _states(s, serving).items() if sum(map(state.take, said[node]))}
    if moved:
        _note_answers(s, moved)
        put_many(s, NodeState, [state.row for state in moved.values()], key="node_id")
        _forget_objects(s)
        health_history.note_all(s, [state.sample() for state in moved.values() if state.fresh_at is not None])
        duplicates.note_all(s, {node: state.boots for node, state in moved.items() if len(state.boots) > 1})
        changes.bump(s, "nodes")
    return set(moved)


class _State:
    """How one node is.

    row: its row, by column.
    boots: the starts it spoke from, each where it changed, with the instant.
    fresh_at: when the last sign of life came; None without one.
    answers: when it said, in the same connection, that it obeys which agenda, where that was news.
    """

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        self.boots: list[tuple[str, datetime]] = []
        self.fresh_at: datetime | None = None
        self.answers: dict[int, datetime] = {}

    def take(self, said: ArrivedStatus) -> bool:
        """Follow what it said; False when that is stale."""
        status, row = said.status, self.row
        if self._is_stale(status):
            return False
        if said.fresh and status.at is not None:
            self._note_boot(status.boot, said.received_at)
            self._note_answer(status, said.received_at)
        self._take_over(status)
        if status.at is not None:
            seen_at = row["seen_at"] or min(status.at, said.received_at)
            row["seen_at"] = said.received_at if said.fresh else seen_at
            if said.fresh:
                row["clock_offset_ms"] = int((status.at - said.received_at) / timedelta(milliseconds=1))
        if said.fresh:
            self.fresh_at = said.received_at
        return True

    def sample(self) -> health_history.NodeSnapshot:
        row = self.row
        return health_history.NodeSnapshot(
            row["node_id"], row["online"], row["health"], row["clock_error_ms"], self.fresh_at
        )

    def _is_stale(self, status: NodeStatus) -> bool:
        row = self.row
        if status.connection >= row["connection"]:
            return False
        # A replaced card counts its connections from one again; its boot differs and its word is newer.
        newer = status.at is not None and (not row["seen_at"] or status.at > row["seen_at"])
        return not (newer and status.boot != row["boot"])

    def _note_boot(self, boot: str, at: datetime) -> None:
        before = self.row["boot"]
        if before and boot != before:
            self.boots = [*(self.boots or [(before, at)]), (boot, at)]

    def _note_answer(self, status: NodeStatus, at: datetime) -> None:
        """Of a node that was there all the while: what a connection brings was waiting for it."""
        here = self.row["online"] and status.connection == self.row["connection"] and not status.unchanged
        if here and status.agenda_number > self.row["agenda_number"] > 0:
            self.answers[status.agenda_number] = at

    def _take_over(self, status: NodeStatus) -> None:
        row = self.row
        row["online"] = status.online
        if status.at is None:
            row |= {"connection": status.connection, "playing": None}
        elif status.unchanged:
            row |= {"connection": status.connection, "boot": status.boot}
        else:
            row |= {name: getattr(status, name) for name in _COPIED}
            row |= {"health": msgspec.to_builtins(status.health), "trouble": _troubles(status)}
            if status.live:
                row["live"] = msgspec.to_builtins(status.live)
            row["release"] = msgspec.to_builtins(status.release) if status.release else {}
            row["refused"] = msgspec.to_builtins(status.refused) if status.refused else {}


def _note_answers(s: Session, moved: Mapping[str, _State]) -> None:
    """How long it took these nodes to obey the last agenda each was given."""
    answered = [node_id for node_id, state in moved.items() if state.answers]
    for some in portions(answered):
        issues = select(AgendaIssue.node_id, AgendaIssue.number, AgendaIssue.issued_at)
        for node_id, number, issued_at in s.execute(issues.where(AgendaIssue.node_id.in_(some))):
            state = moved[node_id]
            if number in state.answers:
                known, heard_at = state.row["answers_ms"], state.answers[number]
                state.row["answers_ms"] = answers.remembered(known, issued_at=issued_at, heard_at=heard_at)


def _troubles(status: NodeStatus) -> list[str]:
    """What it wants a technician to know, as rows keep reasons; sentences of older nodes as they were sent."""
    return [*(encode(of_trouble(each)) for each in status.troubles), *status.trouble]


def _serving(s: Session, ids: Sequence[str]) -> list[str]:
    """Those of these nodes that are in service, in the same order."""
    s.flush()
    found: set[str] = set()
    for some in portions(ids):
        found.update(s.scalars(select(Node.id).where(Node.id.in_(some), Node.revoked_at.is_(None))))
    return [node_id for node_id in ids if node_id in found]


def _make_rows(s: Session, ids: Sequence[str]) -> None:
    """One for each node that never spoke; before any row is locked, or two processes might wait for each other."""
    known: set[str] = set()
    for some in portions(ids):
        known.update(s.scalars(select(NodeState.node_id).where(NodeState.node_id.in_(some))))
    new = [{"node_id": node_id} for node_id in ids if node_id not in known]
    if new:
        insert_many_once(s, NodeState, new)


def _states(s: Session, ids: Sequence[str]) -> dict[str, _State]:
    """By node, in the order of ``ids``; nobody else can move them before this transaction ends."""
    found: dict[str, _State] = {}
    chosen = select(*NodeState.__table__.columns).order_by(NodeState.node_id).with_for_update()
    for some in portions(ids):
        rows = s.execute(chosen.where(NodeState.node_id.in_(some))).mappings()
        found.update((row["node_id"], _State(dict(row))) for row in rows)
    return found


def _forget_objects(s: Session) -> None:
    """What was read as an object before this was written is read anew."""
    for held in s.identity_map.values():
        if isinstance(held, NodeState):
            s.expire(held)
