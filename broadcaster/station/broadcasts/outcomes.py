"""What became of a broadcast, judged from its deliveries and the time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.rows import changes
from broadcaster.station.schema import Broadcast, Delivery
from broadcaster.station.vocabulary.lifecycles import BROADCAST, can_move
from broadcaster.station.vocabulary.states import BroadcastState

_D = DeliveryState
OVER = frozenset({_D.PLAYED, _D.FAILED, _D.MISSED, _D.EXPIRED, _D.CANCELLED, _D.INTERRUPTED})
HEARD = frozenset({_D.PLAYING, _D.PLAYED, _D.INTERRUPTED})
PATIENCE = timedelta(seconds=30)
"""After expiry, so much longer is waited for receipts still on their way."""

SILENT = "Cụm loa không báo đã phát trước khi hết hạn."
UNFINISHED = "Đã bắt đầu phát nhưng cụm loa chưa báo phát xong."
UNCONFIRMED = "Đã hủy; cụm loa chưa xác nhận."


def settle(s: Session, *, now_at: datetime) -> None:
    """Close what time has closed: nodes that said nothing before expiry missed it."""
    due = now_at - PATIENCE
    unheard = (_D.PLANNED, _D.STORED)
    _close(s, due, unheard, (_D.CANCELLED, UNCONFIRMED), now_at=now_at, cancelled=True)
    _close(s, due, unheard, (_D.MISSED, SILENT), now_at=now_at)
    _close(s, due, (_D.PLAYING,), (_D.INTERRUPTED, UNFINISHED), now_at=now_at)
    open_ids = select(Broadcast.id).where(
        Broadcast.state.in_([BroadcastState.SCHEDULED, BroadcastState.ON_AIR]), Broadcast.start_at <= now_at
    )
    for broadcast_id in s.scalars(open_ids.order_by(Broadcast.id)).all():
        judge(s, broadcast_id, now_at=now_at)


def judge(s: Session, broadcast_id: str, *, now_at: datetime) -> None:
    """Bring the state of one broadcast up to its deliveries."""
    chosen = select(Broadcast).where(Broadcast.id == broadcast_id)
    lean = chosen.options(lazyload("*")).with_for_update(of=Broadcast).execution_options(populate_existing=True)
    broadcast = s.scalar(lean)
    if broadcast is None:
        return
    s.flush()
    counted = select(Delivery.state, func.count()).where(Delivery.broadcast_id == broadcast_id)
    counts = dict(s.execute(counted.group_by(Delivery.state)).all())
    state = verdict(counts, over=_is_over(broadcast, counts, now_at))
    if state is not None and state is not broadcast.state and can_move(BROADCAST, broadcast.state, state):
        broadcast.state = state
        changes.bump(s, "deliveries")


def verdict(counts: Mapping[DeliveryState, int], *, over: bool) -> BroadcastState | None:
    """The state these deliveries make; None while nothing has sounded and something still may."""
    heard = sum(counts.get(state, 0) for state in HEARD)
    if not over:
        return BroadcastState.ON_AIR if heard else None
    if counts.get(_D.PLAYED, 0) == sum(counts.values()) > 0:
        return BroadcastState.COMPLETED
    return BroadcastState.PARTIAL if heard else BroadcastState.MISSED


def _is_over(broadcast: Broadcast, counts: Mapping[DeliveryState, int], now_at: datetime) -> bool:
    if now_at >= broadcast.expires_at + PATIENCE:
        return True
    again = {_D.INTERRUPTED} if resumes(broadcast.broadcast_class) else set()
    return all(state in OVER - again for state, count in counts.items() if count)


def resumes(kind: BroadcastClass) -> bool:
    """Whether what was interrupted plays again from the start while there is time."""
    return kind is not BroadcastClass.ROUTINE


def _close(
    s: Session,
    due: datetime,
    states: tuple[DeliveryState, ...],
    to: tuple[DeliveryState, str],
    *,
    now_at: datetime,
    cancelled: bool = False,
) -> None:
    was_cancelled = Broadcast.state == BroadcastState.CANCELLED
    expired = select(Broadcast.id).where(Broadcast.expires_at <= due, was_cancelled if cancelled else ~was_cancelled)
    silent = update(Delivery).where(Delivery.state.in_(states), Delivery.broadcast_id.in_(expired))
    closed = s.execute(silent.values(state=to[0], reason=to[1], updated_at=now_at).returning(Delivery.node_id)).all()
    if closed:
        changes.bump(s, "deliveries")
