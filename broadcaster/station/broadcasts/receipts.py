"""Facts the nodes state: kept as stated, each once, and what they mean for the deliveries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts.outcomes import HEARD, OVER, judge
from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Broadcast, Delivery, ReceiptRow
from broadcaster.station.vocabulary.lifecycles import DELIVERY, can_move

_STARTED = (DeliveryState.PLAYING,)


def store(s: Session, *, node_id: str, receipts: Sequence[Receipt], now_at: datetime) -> list[str]:
    """Keep these facts; the ids the node may forget once this transaction is committed.

    Stating a fact again, or facts in the wrong order, changes nothing in the end. A fact about a broadcast the
    station does not know is kept too.
    """
    touched = {
        each.broadcast for each in receipts if _keep(s, node_id, each, now_at) and _apply(s, node_id, each, now_at)
    }
    for broadcast_id in sorted(touched):
        judge(s, broadcast_id, now_at=now_at)
    if touched:
        changes.bump(s, "deliveries")
    return [each.receipt for each in receipts]


def stored_at(s: Session, broadcast: Broadcast) -> dict[str, datetime]:
    """When each node had it on its own disk, by its own clock."""
    told = (ReceiptRow.broadcast_id == broadcast.id) & (ReceiptRow.state == DeliveryState.STORED)
    rows = s.execute(select(ReceiptRow.node_id, func.min(ReceiptRow.at)).where(told).group_by(ReceiptRow.node_id))
    return {row[0]: row[1] for row in rows}


def _keep(s: Session, node_id: str, receipt: Receipt, now_at: datetime) -> bool:
    """False when it was kept before."""
    row = insert_once(
        s,
        ReceiptRow,
        receipt=receipt.receipt,
        node_id=node_id,
        broadcast_id=receipt.broadcast,
        state=receipt.state,
        at=receipt.at,
        sequence=receipt.sequence,
        played_ms=receipt.played_ms,
        clock=receipt.clock,
        reason=receipt.reason.replace("\x00", ""),
        heard=receipt.heard,
        received_at=now_at,
    )
    return s.execute(row.returning(ReceiptRow.receipt)).scalar() is not None


def _apply(s: Session, node_id: str, receipt: Receipt, now_at: datetime) -> bool:
    """Move the delivery; False when there is none."""
    delivery = s.get(Delivery, (receipt.broadcast, node_id), with_for_update={"of": Delivery}, populate_existing=True)
    if delivery is None:
        return False
    if receipt.state in _STARTED and (delivery.started_at is None or receipt.sequence > delivery.sequence):
        delivery.started_at = receipt.at
    if _outranks(receipt, delivery):
        _advance(delivery, receipt)
        delivery.updated_at = now_at
    return True


def _outranks(receipt: Receipt, delivery: Delivery) -> bool:
    """Whether the delivery follows this fact rather than the one it stands at.

    The end of a story outranks whatever came before it, and an end that was heard one that was not, whatever their
    numbers: a node that lost its memory may number anew from too low, and may state again how a story ended without
    knowing that some of it had sounded. Otherwise the higher number tells what happened later.
    """
    told = delivery.state if delivery.ended_at else None  # an end without its instant is what the station assumed
    return (_weight(receipt.state), receipt.sequence) > (_weight(told), delivery.sequence)


def _weight(state: DeliveryState | None) -> int:
    if state not in OVER:
        return 0
    return 1 + (state in HEARD) + (state is DeliveryState.PLAYED)


def _advance(delivery: Delivery, receipt: Receipt) -> None:
    delivery.sequence = receipt.sequence
    if delivery.state is not receipt.state and not can_move(DELIVERY, delivery.state, receipt.state):
        return
    delivery.state = receipt.state
    delivery.played_ms = max(delivery.played_ms, receipt.played_ms)
    delivery.reason = receipt.reason.replace("\x00", "")
    delivery.heard = receipt.heard
    delivery.ended_at = receipt.at if receipt.state in OVER else None
