"""Facts for a level above: each written down once, and handed out until that level has it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, defer, selectinload

from broadcaster.protocol.exchange.messages import MOST_NODES, MOST_REPORTS, NodeStand
from broadcaster.protocol.values import DeliveryState
from broadcaster.refusals.sentences import sentence
from broadcaster.station.exchange import upper_levels
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Broadcast, Delivery, ExchangeReport, ReceivedOffer, UpperLevel
from broadcaster.station.vocabulary.states import BroadcastState

LOOK_BACK = timedelta(days=60)
"""What became of an offer is looked after for so long."""
SILENT = timedelta(minutes=10)
_OVER = frozenset(
    {
        DeliveryState.PLAYED,
        DeliveryState.INTERRUPTED,
        DeliveryState.FAILED,
        DeliveryState.MISSED,
        DeliveryState.EXPIRED,
        DeliveryState.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class Fact:
    """item, kind, at: as in ``messages.Report``; key: what makes it the same fact of this item; body: the
    rest of a report, in plain values."""

    item: str
    kind: str
    key: str
    at: datetime
    body: dict[str, Any] = field(default_factory=dict)


def note(s: Session, level: UpperLevel, fact: Fact) -> None:
    """Write it down, unless that was done before. The level has to be locked, or nobody else to write."""
    key = fact_key(fact)
    same = select(ExchangeReport.id).where(ExchangeReport.upper_id == level.id, ExchangeReport.fact == key)
    if s.scalar(same) is not None:
        return
    newest = select(func.max(ExchangeReport.number)).where(ExchangeReport.upper_id == level.id)
    row = ExchangeReport(
        upper_id=level.id,
        number=(s.scalar(newest) or 0) + 1,
        fact=key,
        item=fact.item,
        kind=fact.kind,
        at=fact.at,
        body=fact.body,
    )
    s.add(row)
    s.flush()


def look(s: Session, level: UpperLevel, *, now_at: datetime) -> None:
    """Write down what became of this level's offers since the last look: plans, and what each node said."""
    upper_levels.locked(s, level)
    chosen = select(ReceivedOffer.item, ReceivedOffer.announcement_id).where(
        ReceivedOffer.upper_id == level.id,
        ReceivedOffer.announcement_id.is_not(None),
        ReceivedOffer.received_at > now_at - LOOK_BACK,
    )
    items = {announcement: item for item, announcement in s.execute(chosen)}
    if not items:
        return
    written = select(ExchangeReport.fact).where(
        ExchangeReport.upper_id == level.id, ExchangeReport.item.in_(list(items.values()))
    )
    known = set(s.scalars(written))
    aired = (
        select(Broadcast)
        .where(Broadcast.announcement_id.in_(list(items)))
        .options(defer(Broadcast.script), defer(Broadcast.text), selectinload(Broadcast.deliveries))
    )
    for broadcast in s.scalars(aired.order_by(Broadcast.start_at, Broadcast.id)).unique():
        for fact in _facts(items[broadcast.announcement_id or ""], broadcast):
            if fact_key(fact) not in known:
                note(s, level, fact)


def fact_key(fact: Fact) -> str:
    """By which a fact of a level is the same one."""
    return f"{fact.item} {fact.key}"[:240]


def waiting(s: Session, level: UpperLevel) -> list[ExchangeReport]:
    """The first ones that it does not have."""
    chosen = select(ExchangeReport).where(ExchangeReport.upper_id == level.id, ExchangeReport.acknowledged_at.is_(None))
    return list(s.scalars(chosen.order_by(ExchangeReport.number).limit(MOST_REPORTS)))


def waiting_count(s: Session, level: UpperLevel) -> int:
    chosen = select(func.count()).where(ExchangeReport.upper_id == level.id, ExchangeReport.acknowledged_at.is_(None))
    return s.scalar(chosen) or 0


def acknowledge(s: Session, level: UpperLevel, ids: Collection[str], *, now_at: datetime) -> None:
    """It has these."""
    mine = (ExchangeReport.upper_id == level.id, ExchangeReport.id.in_(list(ids)))
    s.execute(update(ExchangeReport).where(*mine).values(acknowledged_at=now_at))


def compare(s: Session, level: UpperLevel, *, head: int) -> bool:
    """``head``: up to which number it has everything. What it acknowledged beyond and lost goes up again; whether any
    did."""
    mine = (ExchangeReport.upper_id == level.id, ExchangeReport.acknowledged_at.is_not(None))
    if s.scalar(select(ExchangeReport.id).where(*mine, ExchangeReport.number == head + 1)) is None:
        return False
    s.execute(update(ExchangeReport).where(*mine, ExchangeReport.number > head).values(acknowledged_at=None))
    return True


def stands(s: Session, *, now_at: datetime) -> list[NodeStand]:
    """How the nodes are, those that are silent first."""
    found = []
    for view in nodes.board(s, now_at=now_at):
        seen_at = view.state.seen_at if view.state else None
        silent = view.presence != "online" and (seen_at is None or now_at - seen_at >= SILENT)
        unit = view.node.unit.name if view.node.unit else ""
        found.append(NodeStand(node=view.node.id, name=view.node.name, unit=unit, seen_at=seen_at, silent=silent))
    return sorted(found, key=lambda each: not each.silent)[:MOST_NODES]


def _facts(item: str, broadcast: Broadcast) -> Iterator[Fact]:
    about = {"broadcast": broadcast.id, "begin_at": broadcast.start_at.isoformat()}
    plan = about | {"nodes": len(broadcast.deliveries)}
    yield Fact(item, "planned", f"planned {broadcast.id} {about['begin_at']}", broadcast.created_at, plan)
    if broadcast.state is BroadcastState.CANCELLED:
        at = broadcast.cancelled_at or broadcast.created_at
        yield Fact(item, "cancelled", f"cancelled {broadcast.id}", at, about)
    for delivery in broadcast.deliveries:
        if delivery.state in _OVER:
            yield _aired(item, broadcast, delivery, about)


def _aired(item: str, broadcast: Broadcast, delivery: Delivery, about: dict[str, Any]) -> Fact:
    body = about | {
        "node": delivery.node_id,
        "node_name": delivery.node.name,
        "state": str(delivery.state),
        "seconds": round(delivery.played_ms / 1000),
        "requested_seconds": round(broadcast.duration_ms / 1000),
        "words": sentence(delivery.reason, "vi")[:400] if delivery.reason else "",
    }
    key = f"aired {broadcast.id} {delivery.node_id} {delivery.state} {delivery.played_ms}"
    return Fact(item, "aired", key, delivery.ended_at or delivery.updated_at, body)
