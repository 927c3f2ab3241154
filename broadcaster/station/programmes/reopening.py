"""What a wrong clock closed before its time is open again: broadcasts, their deliveries, and dates of slots.

A closing that lies before the instant from which it is right was made by a clock that was ahead, whoever's it was; so
nothing has to be remembered of the time in which the clock was wrong.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements.planned_broadcasts import cancel_one, note, take_off
from broadcaster.station.broadcasts.outcomes import PATIENCE, SILENT, UNCONFIRMED, UNFINISHED, judge_again
from broadcaster.station.rows import changes
from broadcaster.station.schema import (
    Broadcast,
    BroadcastPart,
    Delivery,
    Node,
    NodeState,
    Occurrence,
    Slot,
)
from broadcaster.station.vocabulary.states import BroadcastState, OccurrenceState

STATION_OFF = Reason("occurrence.station_off")
RULE_CHANGED = Reason("occurrence.rule_changed")
SOUNDS_ANEW = Reason("delivery.sounds_anew")
"""The node has closed it for good; another broadcast of the same content stands in for it."""
NODE_CANCELLED = Reason("receipt.cancelled")
NEAR_MS = 300_000
"""A node whose clock is so near to the station's is asked again for what it took for expired."""
LEAD = timedelta(seconds=1)
_CLOSED = (BroadcastState.MISSED, BroadcastState.PARTIAL)
_WANTED = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR, *_CLOSED)
_NOT_COPIED = {"id", "state", "start_at", "created_at", "cancelled_at", "requested_key", "position"}


def reopen(s: Session, *, now_at: datetime, horizon: timedelta) -> None:
    """``now_at`` is by a clock that is vouched for. ``horizon``: no date is laid out further ahead."""
    _reopen_deliveries(s, now_at)
    _reopen_broadcasts(s, now_at)
    _ask_again(s, now_at)
    _reopen_dates(s, now_at, now_at + horizon)


def _reopen_deliveries(s: Session, now_at: datetime) -> None:
    """What only the station assumed, before the time at which it may."""
    closed = Broadcast.state.in_((*_CLOSED, BroadcastState.CANCELLED))
    chosen = select(Broadcast.id).where(closed, Broadcast.expires_at > now_at - PATIENCE).order_by(Broadcast.id)
    early = s.scalars(chosen.with_for_update()).all()
    if not early:
        return
    moves = [
        (SILENT, Delivery.sequence < 0, DeliveryState.PLANNED),
        (SILENT, Delivery.sequence >= 0, DeliveryState.STORED),
        (UNCONFIRMED, Delivery.sequence < 0, DeliveryState.PLANNED),
        (UNCONFIRMED, Delivery.sequence >= 0, DeliveryState.STORED),
        (UNFINISHED, Delivery.sequence >= 0, DeliveryState.PLAYING),
    ]
    for reason, where, state in moves:
        assumed = update(Delivery).where(Delivery.reason == reason, Delivery.ended_at.is_(None), where)
        values = {"state": state, "reason": None, "updated_at": now_at}
        opened = assumed.where(Delivery.broadcast_id.in_(early)).values(values).returning(Delivery.node_id)
        if s.execute(opened, execution_options={"synchronize_session": False}).all():
            changes.bump(s, "deliveries")
            changes.bump(s, "agendas")


def _reopen_broadcasts(s: Session, now_at: datetime) -> None:
    early = select(Broadcast.id).where(Broadcast.state.in_(_CLOSED), Broadcast.expires_at > now_at - PATIENCE)
    ids = sorted(s.scalars(early))
    if ids and judge_again(s, ids, now_at=now_at):
        changes.bump(s, "agendas")
    s.expire_all()


def _ask_again(s: Session, now_at: datetime) -> None:
    """What nodes gave up although nobody cancelled it and it may still sound: they never take up the same id again."""
    chosen = (
        select(Delivery)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .join(Node, Node.id == Delivery.node_id)
        .outerjoin(NodeState, NodeState.node_id == Node.id)
        .where(
            Broadcast.state.in_(_WANTED),
            Broadcast.expires_at > now_at,
            Broadcast.repeat_of_id.is_(None),
            Node.revoked_at.is_(None),
            Delivery.ended_at.is_not(None),
            (Delivery.state == DeliveryState.CANCELLED) & (Delivery.reason == NODE_CANCELLED)
            | (Delivery.state == DeliveryState.EXPIRED)
            & (func.abs(func.coalesce(NodeState.clock_offset_ms, NEAR_MS)) < NEAR_MS)
            & (NodeState.clock != ClockState.UNSYNCED),
        )
    )
    given_up: dict[str, list[Delivery]] = {}
    for delivery in s.scalars(chosen).unique():
        given_up.setdefault(delivery.broadcast_id, []).append(delivery)
    for broadcast_id in sorted(given_up):
        _stand_in(s, s.get_one(Broadcast, broadcast_id), given_up[broadcast_id], now_at)


def _stand_in(s: Session, broadcast: Broadcast, given_up: Sequence[Delivery], now_at: datetime) -> None:
    """A date that is still to come is put together anew; anything else gets a broadcast in its place, where there is
    time for it."""
    begin_at = max(broadcast.start_at, now_at + LEAD)
    if begin_at + timedelta(milliseconds=broadcast.duration_ms) > broadcast.expires_at:
        return
    if broadcast.occurrence_id is not None and broadcast.start_at > now_at:
        if broadcast.state in _CLOSED:
            take_off_closed(s, broadcast, now_at=now_at)
        else:
            cancel_one(s, broadcast, by=None, now_at=now_at)
        changes.bump(s, "slots")
        return
    again = _copy(s, broadcast, begin_at, given_up, now_at)
    note(s, again, "broadcast.ordered", by=None, now_at=now_at)
    for delivery in given_up:
        delivery.reason = SOUNDS_ANEW
    if all(delivery.reason == SOUNDS_ANEW for delivery in broadcast.deliveries):
        take_off_closed(s, broadcast, now_at=now_at)


def take_off_closed(s: Session, broadcast: Broadcast, *, now_at: datetime) -> None:
    """Another stands in for it, whether it was closed or open."""
    if broadcast.state in _CLOSED:
        broadcast.state = BroadcastState.SCHEDULED
    take_off(broadcast, now_at=now_at)
    note(s, broadcast, "broadcast.cancelled", by=None, now_at=now_at)


def _copy(
    s: Session, broadcast: Broadcast, begin_at: datetime, given_up: Sequence[Delivery], now_at: datetime
) -> Broadcast:
    columns = [column.key for column in Broadcast.__table__.columns if column.key not in _NOT_COPIED]
    highest = s.scalar(select(func.max(Broadcast.position)).where(Broadcast.occurrence_id == broadcast.occurrence_id))
    again = Broadcast(
        id=_identity(s, broadcast),
        **{name: getattr(broadcast, name) for name in columns},
        position=broadcast.position if highest is None else highest + 1,
        state=BroadcastState.SCHEDULED,
        start_at=begin_at,
        created_at=now_at,
    )
    again.parts = [
        BroadcastPart(position=part.position, sha256=part.sha256, language=part.language) for part in broadcast.parts
    ]
    planned = {"state": DeliveryState.PLANNED, "updated_at": now_at}
    again.deliveries = [Delivery(node_id=each.node_id, languages=list(each.languages), **planned) for each in given_up]
    s.add(again)
    s.flush()
    return again


def _identity(s: Session, broadcast: Broadcast) -> str:
    """An id that follows from that of the first."""
    for attempt in count():
        found = hashlib.sha256(f"{broadcast.id}\n{attempt}".encode()).hexdigest()[:32]
        if s.get(Broadcast, found) is None:
            return found
    raise AssertionError("an endless count ended")


def _reopen_dates(s: Session, now_at: datetime, until_at: datetime) -> None:
    """Dates noted as missed that are not over yet; what lies beyond any plan goes."""
    missed = (Occurrence.state == OccurrenceState.MISSED) & (Occurrence.reason == STATION_OFF)
    open_still = Occurrence.state.in_((OccurrenceState.PLANNED, OccurrenceState.EMPTY, OccurrenceState.FROZEN))
    beyond = open_still & (Occurrence.start_at > until_at + timedelta(days=1))
    oldest_at = now_at - timedelta(days=1)
    chosen = select(Occurrence).join(Slot, Slot.id == Occurrence.slot_id).where(missed | beyond)
    for date in s.scalars(chosen.where(Occurrence.start_at > oldest_at)).unique():
        if date.start_at + timedelta(minutes=date.slot.grace_minutes) < now_at:
            continue
        changes.bump(s, "slots")
        if date.start_at <= until_at:
            date.state, date.reason = OccurrenceState.PLANNED, None
            continue
        _give_up(s, date, now_at)


def _give_up(s: Session, date: Occurrence, now_at: datetime) -> None:
    """The plan lays it out again when its time is near."""
    mine = list(s.scalars(select(Broadcast).where(Broadcast.occurrence_id == date.id)).unique())
    for broadcast in mine:
        if broadcast.state is BroadcastState.SCHEDULED:
            cancel_one(s, broadcast, by=None, now_at=now_at)
    if mine:
        date.state, date.reason = OccurrenceState.CANCELLED, RULE_CHANGED
    else:
        s.delete(date)
