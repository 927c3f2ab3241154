"""What became of a broadcast, judged from its deliveries and the time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.rows import changes
from broadcaster.station.rows.key_batches import portions
from broadcaster.station.schema import Broadcast, Delivery
from broadcaster.station.vocabulary.lifecycles import BROADCAST, can_move
from broadcaster.station.vocabulary.states import BroadcastState

_D = DeliveryState
OVER = frozenset({_D.PLAYED, _D.FAILED, _D.MISSED, _D.EXPIRED, _D.CANCELLED, _D.INTERRUPTED})
HEARD = frozenset({_D.PLAYING, _D.PLAYED, _D.INTERRUPTED})
PATIENCE = timedelta(seconds=30)
"""After expiry, so much longer is waited for receipts still on their way."""

SILENT = Reason("delivery.silent")
UNFINISHED = Reason("delivery.unfinished")
UNCONFIRMED = Reason("delivery.cancel_unconfirmed")
_UNHEARD = (_D.PLANNED, _D.STORED)
_BEGUN = (_D.PLAYING,)


class _Judged(NamedTuple):
    """A broadcast as far as it is judged; each field as in ``schema.Broadcast``."""

    id: str
    state: BroadcastState
    expires_at: datetime
    broadcast_class: BroadcastClass


def settle(s: Session, *, now_at: datetime) -> None:
    """Close what time has closed: nodes that said nothing before expiry missed it."""
    due = now_at - PATIENCE
    going_on = select(Broadcast.id).where(
        Broadcast.state.in_([BroadcastState.SCHEDULED, BroadcastState.ON_AIR]), Broadcast.start_at <= now_at
    )
    for some in portions(sorted({*s.scalars(going_on), *s.scalars(_overdue(due))})):
        locked = _lock(s, some)
        _close(s, [each for each in locked if each.expires_at <= due], now_at=now_at)
        _judge(s, locked, now_at=now_at)


def judge_all(s: Session, ids: Sequence[str], *, now_at: datetime) -> None:
    """Bring the states of these broadcasts, in the order of their ids, up to their deliveries."""
    s.flush()
    for some in portions(ids):
        _judge(s, _lock(s, some), now_at=now_at)


def judge_again(s: Session, ids: Sequence[str], *, now_at: datetime) -> int:
    """The same for broadcasts that a wrong clock closed too early: those of which something may still sound are open
    again. How many are."""
    s.flush()
    opened = 0
    for some in portions(ids):
        locked = _lock(s, some)
        counts = _counts(s, some)
        for broadcast in locked:
            counted = counts.get(broadcast.id, {})
            if not _is_over(broadcast, counted, now_at):
                state = verdict(counted, over=False) or BroadcastState.SCHEDULED
                s.execute(update(Broadcast).where(Broadcast.id == broadcast.id).values(state=state))
                changes.bump(s, "deliveries")
                opened += 1
    return opened


def verdict(counts: Mapping[DeliveryState, int], *, over: bool) -> BroadcastState | None:
    """The state these deliveries make; None while nothing has sounded and something still may."""
    heard = sum(counts.get(state, 0) for state in HEARD)
    if not over:
        return BroadcastState.ON_AIR if heard else None
    if counts.get(_D.PLAYED, 0) == sum(counts.values()) > 0:
        return BroadcastState.COMPLETED
    return BroadcastState.PARTIAL if heard else BroadcastState.MISSED


def _overdue(due: datetime) -> Select[str]:
    """Expired broadcasts of which a delivery is still open."""
    waiting = select(Delivery.broadcast_id).where(Delivery.state.in_(_UNHEARD + _BEGUN))
    return select(Broadcast.id).where(Broadcast.expires_at <= due, Broadcast.id.in_(waiting))


def _lock(s: Session, ids: Sequence[str]) -> list[_Judged]:
    """These broadcasts, in the one order in which everybody locks them, before any of their deliveries."""
    columns = (Broadcast.id, Broadcast.state, Broadcast.expires_at, Broadcast.broadcast_class)
    chosen = select(*columns).where(Broadcast.id.in_(ids)).order_by(Broadcast.id)
    return [_Judged(*row) for row in s.execute(chosen.with_for_update(of=Broadcast))]


def _judge(s: Session, locked: Sequence[_Judged], *, now_at: datetime) -> None:
    counts = _counts(s, [broadcast.id for broadcast in locked])
    for broadcast in locked:
        counted = counts.get(broadcast.id, {})
        state = verdict(counted, over=_is_over(broadcast, counted, now_at))
        if state is not None and state is not broadcast.state and can_move(BROADCAST, broadcast.state, state):
            s.execute(update(Broadcast).where(Broadcast.id == broadcast.id).values(state=state))
            changes.bump(s, "deliveries")


def _counts(s: Session, ids: Sequence[str]) -> dict[str, dict[DeliveryState, int]]:
    """How many deliveries of each broadcast stand at each state."""
    counted = select(Delivery.broadcast_id, Delivery.state, func.count()).where(Delivery.broadcast_id.in_(ids))
    found: dict[str, dict[DeliveryState, int]] = {}
    for broadcast_id, state, count in s.execute(counted.group_by(Delivery.broadcast_id, Delivery.state)):
        found.setdefault(broadcast_id, {})[state] = count
    return found


def _is_over(broadcast: _Judged, counts: Mapping[DeliveryState, int], now_at: datetime) -> bool:
    if now_at >= broadcast.expires_at + PATIENCE:
        return True
    again = {_D.INTERRUPTED} if resumes(broadcast.broadcast_class) else set()
    return all(state in OVER - again for state, count in counts.items() if count)


def resumes(kind: BroadcastClass) -> bool:
    """Whether what was interrupted plays again from the start while there is time."""
    return kind is not BroadcastClass.ROUTINE


def _close(s: Session, expired: Sequence[_Judged], *, now_at: datetime) -> None:
    cancelled = [each.id for each in expired if each.state is BroadcastState.CANCELLED]
    others = [each.id for each in expired if each.state is not BroadcastState.CANCELLED]
    moves = [
        (cancelled, _UNHEARD, _D.CANCELLED, UNCONFIRMED),
        (others, _UNHEARD, _D.MISSED, SILENT),
        ([*cancelled, *others], _BEGUN, _D.INTERRUPTED, UNFINISHED),
    ]
    for ids, states, state, reason in moves:
        silent = update(Delivery).where(Delivery.broadcast_id.in_(ids), Delivery.state.in_(states))
        values = {"state": state, "reason": reason, "updated_at": now_at}
        if ids and s.execute(silent.values(values).returning(Delivery.node_id)).all():
            changes.bump(s, "deliveries")
