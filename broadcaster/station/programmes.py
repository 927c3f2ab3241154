"""Filling one date of a slot: the approved announcements put into it, in order, frozen as broadcasts back to back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station import changes, quiet_hours
from broadcaster.station.airing import PAUSE_BETWEEN, STANDARD, Airing, Timing, cancel_one, freeze
from broadcaster.station.approvals import still_sealed
from broadcaster.station.lifecycles import OCCURRENCE, move
from broadcaster.station.schema import Announcement, Broadcast, Clip, Delivery, Node, Occurrence, SlotItem
from broadcaster.station.slots import items_on
from broadcaster.station.states import AnnouncementState, BroadcastState, OccurrenceState
from broadcaster.station.units import nodes_of

_URGENCY = [BroadcastClass.EMERGENCY, BroadcastClass.PRIORITY, BroadcastClass.ROUTINE]
_LOCKED = (OccurrenceState.MISSED, OccurrenceState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Piece:
    """One announcement at its place in the programme: when it starts and where it sounds."""

    announcement: Announcement
    start_at: datetime
    nodes: Sequence[Node]


@dataclass(slots=True)
class Programme:
    """pieces: what plays, in order; left_out: sentences on what does not, and why."""

    pieces: list[Piece] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def freeze_occurrence(
    s: Session, *, occurrence: Occurrence, now_at: datetime, timing: Timing = STANDARD, worker: str = ""
) -> list[Broadcast]:
    """Its broadcasts, brought up to what the slot holds; doing so again changes nothing.

    Once its time has come nothing changes any more. A date that comes too late for its grace is missed.
    """
    current = _lock(s, occurrence)
    existing = _existing(s, current)
    if current.state in _LOCKED or (now_at >= current.start_at and existing):
        return existing
    start_at = max(current.start_at, now_at + timedelta(seconds=timing.lead_seconds))
    if now_at < current.start_at:
        start_at = current.start_at
    elif now_at > current.start_at + timedelta(minutes=current.slot.grace_minutes):
        return _close(s, current, OccurrenceState.MISSED, "Đài không hoạt động vào giờ phát.")
    programme = plan(s, current, start_at=start_at)
    current.claimed_by, current.claimed_at = worker or None, now_at
    frozen = _match(s, current, existing, programme, now_at=now_at, timing=timing)
    reason = " ".join(programme.left_out)
    if not frozen:
        return _close(s, current, OccurrenceState.EMPTY, reason or "Chưa có bản tin nào trong khung giờ.")
    return _close(s, current, OccurrenceState.FROZEN, reason, frozen)


def plan(s: Session, occurrence: Occurrence, *, start_at: datetime) -> Programme:
    """What would play if the programme began at ``start_at``. Nothing is written."""
    programme = Programme()
    day = occurrence.start_at.astimezone(ZoneInfo(occurrence.slot.timezone)).date()
    limit_at = start_at + timedelta(minutes=occurrence.slot.cap_minutes)
    reached = {node.id for node in nodes_of(s, occurrence.slot.zones)}
    for item in sorted(items_on(s, occurrence.slot, day), key=_order):
        start_at = _place(s, programme, item, start_at=start_at, limit_at=limit_at, reached=reached)
    return programme


def _place(
    s: Session, programme: Programme, item: SlotItem, *, start_at: datetime, limit_at: datetime, reached: set[str]
) -> datetime:
    """Put one item into the programme if it may and fits; when the next one starts."""
    announcement = item.announcement
    nodes = [node for node in nodes_of(s, announcement.zones) if node.id in reached]
    clip = s.get(Clip, announcement.clip_sha256) if announcement.clip_sha256 else None
    if announcement.state is not AnnouncementState.APPROVED or clip is None or not still_sealed(announcement):
        programme.left_out.append(f"“{announcement.title}” chưa được duyệt.")
        return start_at
    end_at = start_at + timedelta(milliseconds=clip.duration_ms)
    hours = quiet_hours.hushed(s, announcement.broadcast_class, start_at, end_at, drill=announcement.drill)
    reason = (
        f"rơi vào giờ yên lặng {hours}" if hours else _obstacle(announcement, nodes, end_at=end_at, limit_at=limit_at)
    )
    if reason:
        programme.left_out.append(f"“{announcement.title}” {reason}.")
        return start_at
    programme.pieces.append(Piece(announcement, start_at, nodes))
    return end_at + PAUSE_BETWEEN


def _obstacle(announcement: Announcement, nodes: Sequence[Node], *, end_at: datetime, limit_at: datetime) -> str:
    if not nodes:
        return "không có cụm loa nào trong khung giờ này"
    if announcement.valid_until_at is not None and end_at > announcement.valid_until_at:
        return "đã hết hạn phát"
    return "không đủ thời lượng của khung giờ" if end_at > limit_at else ""


def _order(item: SlotItem) -> tuple[int, int]:
    return _URGENCY.index(item.announcement.broadcast_class), item.position


def _lock(s: Session, occurrence: Occurrence) -> Occurrence:
    chosen = select(Occurrence).where(Occurrence.id == occurrence.id)
    return s.scalars(chosen.with_for_update(of=Occurrence).execution_options(populate_existing=True)).unique().one()


def _existing(s: Session, occurrence: Occurrence) -> list[Broadcast]:
    mine = (Broadcast.occurrence_id == occurrence.id) & (Broadcast.state != BroadcastState.CANCELLED)
    chosen = select(Broadcast).where(mine).order_by(Broadcast.start_at, Broadcast.position)
    return list(s.scalars(chosen.execution_options(populate_existing=True)).unique())


def _match(
    s: Session,
    occurrence: Occurrence,
    existing: Sequence[Broadcast],
    programme: Programme,
    *,
    now_at: datetime,
    timing: Timing,
) -> list[Broadcast]:
    """Keep what is right, mend what moved, cancel what is gone, freeze what is new."""
    spare = {(each.announcement_id, each.content_hash): each for each in existing}
    frozen = []
    for piece in programme.pieces:
        kept = spare.pop((piece.announcement.id, piece.announcement.content_hash or ""), None)
        if kept is None:
            kept = _freeze(s, occurrence, piece, now_at=now_at, timing=timing)
        _mend(s, kept, piece, now_at=now_at)
        frozen.append(kept)
    gone = [each for each in existing if each not in frozen]
    for each in gone:
        cancel_one(s, each, by=None, now_at=now_at)
    return frozen


def _freeze(s: Session, occurrence: Occurrence, piece: Piece, *, now_at: datetime, timing: Timing) -> Broadcast:
    """Places are never used twice, so two processes cannot freeze the same one."""
    highest = s.scalar(select(func.max(Broadcast.position)).where(Broadcast.occurrence_id == occurrence.id))
    airing = Airing(
        start_at=piece.start_at,
        nodes=piece.nodes,
        occurrence_id=occurrence.id,
        position=0 if highest is None else highest + 1,
    )
    return freeze(s, piece.announcement, airing, by=None, now_at=now_at, timing=timing)


def _mend(s: Session, broadcast: Broadcast, piece: Piece, *, now_at: datetime) -> None:
    """The same airing at another time or for other nodes keeps its id, so no pole can play it twice."""
    if broadcast.start_at != piece.start_at:
        broadcast.expires_at += piece.start_at - broadcast.start_at
        broadcast.start_at = piece.start_at
        changes.bump(s, "agendas")
    known = {delivery.node_id: delivery for delivery in broadcast.deliveries}
    wanted = {node.id for node in piece.nodes}
    for node_id in wanted - known.keys():
        broadcast.deliveries.append(Delivery(node_id=node_id, state=DeliveryState.PLANNED, updated_at=now_at))
        changes.bump(s, "agendas")
    for node_id in known.keys() - wanted:
        _drop(s, known[node_id], now_at)


def _drop(s: Session, delivery: Delivery, now_at: datetime) -> None:
    if delivery.state in (DeliveryState.PLANNED, DeliveryState.STORED):
        delivery.state, delivery.reason = DeliveryState.CANCELLED, "Cụm loa không còn trong khu vực phát."
        delivery.updated_at = now_at
        changes.bump(s, "agendas")


def _close(
    s: Session,
    occurrence: Occurrence,
    state: OccurrenceState,
    reason: str,
    frozen: Sequence[Broadcast] = (),
) -> list[Broadcast]:
    if (occurrence.state, occurrence.reason) != (state, reason):
        occurrence.state, occurrence.reason = move(OCCURRENCE, occurrence.state, state), reason
        changes.bump(s, "slots")
    return list(frozen)
