"""Bringing the broadcasts of one date up to what its programme should be, without ever changing a broadcast's id."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements.planned_broadcasts import cancel_one
from broadcaster.station.broadcasts.freezing import BroadcastPlan, Content, Timing, freeze_content
from broadcaster.station.nodes.languages import heard_by, spoken
from broadcaster.station.relays import live_relays
from broadcaster.station.rows import changes
from broadcaster.station.schema import Broadcast, Delivery, Node, Occurrence

ID_LENGTH = 32
"""Hex digits, as of every other id."""


@dataclass(frozen=True, slots=True)
class ProgrammePiece:
    """One content at its place in the programme: when it starts and where it sounds."""

    content: Content
    start_at: datetime
    nodes: Sequence[Node]


def match(
    s: Session,
    occurrence: Occurrence,
    existing: Sequence[Broadcast],
    pieces: Sequence[ProgrammePiece],
    *,
    now_at: datetime,
    timing: Timing,
) -> list[Broadcast]:
    """Keep what is right, mend what moved, cancel what is gone, freeze what is new."""
    spare = {(each.announcement_id, each.content_hash): each for each in existing}
    frozen = []
    for piece in pieces:
        broadcast = spare.pop((piece.content.announcement_id, piece.content.content_hash), None)
        if broadcast is None:
            broadcast = _freeze(s, occurrence, piece, now_at=now_at, timing=timing)
        _mend(s, broadcast, piece, now_at=now_at)
        if piece.content.live_ms:
            live_relays.attach(s, broadcast, occurrence.slot, now_at=now_at)
        frozen.append(broadcast)
    gone = [each for each in existing if each not in frozen]
    for each in gone:
        cancel_one(s, each, by=None, now_at=now_at)
        live_relays.detach(s, each, now_at=now_at)
    return frozen


def _freeze(
    s: Session, occurrence: Occurrence, piece: ProgrammePiece, *, now_at: datetime, timing: Timing
) -> Broadcast:
    """Places are never used twice, so two processes cannot freeze the same one."""
    highest = s.scalar(select(func.max(Broadcast.position)).where(Broadcast.occurrence_id == occurrence.id))
    plan = BroadcastPlan(
        start_at=piece.start_at,
        nodes=piece.nodes,
        occurrence_id=occurrence.id,
        position=0 if highest is None else highest + 1,
        broadcast_id=_identity(s, occurrence, piece.content),
    )
    return freeze_content(s, piece.content, plan, by=None, now_at=now_at, timing=timing)


def _identity(s: Session, occurrence: Occurrence, content: Content) -> str:
    """An id that follows from slot, date and content: a database that forgot the broadcast gives it the same id again,
    and the nodes' ledgers know what they played. What was called off and is put in again is another broadcast.
    """
    what = (content.announcement_id or "", content.content_hash, content.clip_sha256)
    for attempt in count():
        named = "\n".join((occurrence.slot_id, occurrence.start_at.astimezone(UTC).isoformat(), *what, str(attempt)))
        found = hashlib.sha256(named.encode()).hexdigest()[:ID_LENGTH]
        if s.get(Broadcast, found) is None:
            return found
    raise AssertionError("an endless count ended")


def _mend(s: Session, broadcast: Broadcast, piece: ProgrammePiece, *, now_at: datetime) -> None:
    """The same broadcast at another time or for other nodes keeps its id, so no node can play it twice."""
    if broadcast.start_at != piece.start_at:
        broadcast.expires_at += piece.start_at - broadcast.start_at
        broadcast.start_at = piece.start_at
        changes.bump(s, "agendas")
    known = {delivery.node_id: delivery for delivery in broadcast.deliveries}
    wanted = {node.id for node in piece.nodes}
    new = [node for node in piece.nodes if node.id not in known]
    heard = heard_by(s, new)
    for node in new:
        languages = list(spoken(heard[node.id], [part.language for part in broadcast.parts]))
        way = {"state": DeliveryState.PLANNED, "updated_at": now_at}
        broadcast.deliveries.append(Delivery(node_id=node.id, languages=languages, **way))
        changes.bump(s, "agendas")
    for node_id in known.keys() - wanted:
        _drop(s, known[node_id], now_at)


def _drop(s: Session, delivery: Delivery, now_at: datetime) -> None:
    if delivery.state in (DeliveryState.PLANNED, DeliveryState.STORED):
        delivery.state, delivery.reason = DeliveryState.CANCELLED, Reason("delivery.node_left_zone")
        delivery.updated_at = now_at
        changes.bump(s, "agendas")
