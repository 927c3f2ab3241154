"""Facts the nodes state: kept as stated, each once, and what they mean for the deliveries."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts import outcomes
from broadcaster.station.broadcasts.begun import born
from broadcaster.station.broadcasts.delivery_facts import DeliveryFacts
from broadcaster.station.nodes.reasons import of_receipt
from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import insert_many_once
from broadcaster.station.rows.key_batches import portions
from broadcaster.station.schema import Base, Broadcast, Delivery, ReceiptRow

Way = tuple[str, str]
"""A broadcast and a node."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact, the node that states it, and when it came in."""

    node_id: str
    receipt: Receipt
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """Of the facts that were stated, by node.

    new: how many the station had not kept before.
    unknown: how many were about broadcasts the station does not know.
    """

    new: Counter[str]
    unknown: Counter[str]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Of the facts that were stated.

    fresh: each that is not kept yet and is about a broadcast the station knows, once.
    unknown: how many were about broadcasts it does not know, by node.
    """

    fresh: list[Stated]
    unknown: Counter[str]


def look_up(s: Session, stated: Sequence[Stated]) -> LookedUp:
    """Which of these facts ``store_all`` would keep, found out by reading alone. What it would not keep now it never
    will: a broadcast is committed before any node hears of it, and a fact stays kept."""
    named = {each.receipt.broadcast for each in stated}
    known = _known(s, named) | born.allowed(s, named)
    fresh = _fresh(s, [each for each in stated if each.receipt.broadcast in known])
    return LookedUp(fresh, _unknown(stated, known))


def store(s: Session, *, node_id: str, receipts: Sequence[Receipt], now_at: datetime) -> list[str]:
    """Keep the facts of one node; the ids it may forget once this transaction is committed. See ``store_all``."""
    store_all(s, [Stated(node_id, each, now_at) for each in receipts], now_at=now_at)
    return [each.receipt for each in receipts]


def store_all(s: Session, stated: Sequence[Stated], *, now_at: datetime) -> Stored:
    """Keep these facts; every node may forget its own once this transaction is committed.

    Facts about broadcasts the station does not know are dropped: whoever holds a node's card could invent them without
    end. One that began at the node is known when two people had allowed it, see ``born``.

    Stating a fact again, or facts in the wrong order, changes nothing in the end. Rows are locked and written in one
    order, broadcasts, then deliveries, each by their keys, so that several processes never wait for each other in a
    circle; each broadcast is judged once.
    """
    born.take_in(s, {(each.receipt.broadcast, each.node_id) for each in stated}, now_at=now_at)
    known = _known(s, {each.receipt.broadcast for each in stated}, lock=True)
    fresh = _fresh(s, [each for each in stated if each.receipt.broadcast in known])
    if fresh:
        insert_many_once(s, ReceiptRow, [_row(each) for each in fresh])
        moved = _move_deliveries(s, fresh, now_at)
        if moved:
            outcomes.judge_all(s, sorted({broadcast_id for broadcast_id, _ in moved}), now_at=now_at)
            changes.bump(s, "deliveries")
    return Stored(Counter(each.node_id for each in fresh), _unknown(stated, known))


def stored_at(s: Session, broadcast: Broadcast) -> dict[str, datetime]:
    """When each node had it on its own disk, by its own clock."""
    stored = (ReceiptRow.broadcast_id == broadcast.id) & (ReceiptRow.state == DeliveryState.STORED)
    rows = s.execute(select(ReceiptRow.node_id, func.min(ReceiptRow.at)).where(stored).group_by(ReceiptRow.node_id))
    return {row[0]: row[1] for row in rows}


def _known(s: Session, ids: Collection[str], *, lock: bool = False) -> set[str]:
    """Those there are; with ``lock`` nobody else moves one or its deliveries before this transaction ends."""
    found: set[str] = set()
    for some in portions(sorted(ids)):
        chosen = select(Broadcast.id).where(Broadcast.id.in_(some)).order_by(Broadcast.id)
        found.update(s.scalars(chosen.with_for_update() if lock else chosen))
    return found


def _unknown(stated: Iterable[Stated], known: Collection[str]) -> Counter[str]:
    return Counter(each.node_id for each in stated if each.receipt.broadcast not in known)


def _fresh(s: Session, stated: Iterable[Stated]) -> list[Stated]:
    """Each fact that is not kept yet, once, in the order of its key."""
    by_key = {(each.receipt.receipt, each.node_id): each for each in stated}
    known: set[tuple[str, str]] = set()
    for some in portions(sorted({receipt for receipt, _ in by_key})):
        rows = s.execute(select(ReceiptRow.receipt, ReceiptRow.node_id).where(ReceiptRow.receipt.in_(some)))
        known.update((receipt, node_id) for receipt, node_id in rows)
    return [by_key[key] for key in sorted(by_key.keys() - known)]


def _row(stated: Stated) -> dict[str, object]:
    receipt = stated.receipt
    return {
        "receipt": receipt.receipt,
        "node_id": stated.node_id,
        "broadcast_id": receipt.broadcast,
        "state": receipt.state,
        "at": receipt.at,
        "sequence": receipt.sequence,
        "played_ms": receipt.played_ms,
        "lost_ms": receipt.lost_ms,
        "clock": receipt.clock,
        "reason": of_receipt(receipt),
        "heard": receipt.heard,
        "shown": receipt.shown,
        "received_at": stated.received_at,
    }


def _move_deliveries(s: Session, stated: Iterable[Stated], now_at: datetime) -> list[Way]:
    """Have every delivery follow what was stated of it; those that moved."""
    facts: dict[Way, list[Receipt]] = {}
    for each in stated:
        facts.setdefault((each.receipt.broadcast, each.node_id), []).append(each.receipt)
    standings = _standings(s, facts.keys())
    moved = [way for way, standing in standings.items() if sum(map(standing.take, facts[way]))]
    _write(s, {way: standings[way] for way in sorted(moved)}, now_at)
    return moved


def _standings(s: Session, ways: Iterable[Way]) -> dict[Way, DeliveryFacts]:
    """Of the deliveries there are, which nobody else can move before this transaction ends."""
    s.flush()
    nodes: dict[str, list[str]] = {}
    for broadcast_id, node_id in ways:
        nodes.setdefault(broadcast_id, []).append(node_id)
    columns = [getattr(Delivery, name) for name in DeliveryFacts.__slots__]
    found: dict[Way, DeliveryFacts] = {}
    for broadcast_id in sorted(nodes):
        for some in portions(sorted(nodes[broadcast_id])):
            mine = (Delivery.broadcast_id == broadcast_id) & Delivery.node_id.in_(some)
            chosen = select(Delivery.node_id, *columns).where(mine).order_by(Delivery.node_id)
            rows = s.execute(chosen.with_for_update())
            found.update(((broadcast_id, node_id), DeliveryFacts(*row)) for node_id, *row in rows)
    return found


def _write(s: Session, standings: Mapping[Way, DeliveryFacts], now_at: datetime) -> None:
    if not standings:
        return
    table = Base.metadata.tables[Delivery.__tablename__]
    mine = (table.c.broadcast_id == bindparam("of_broadcast")) & (table.c.node_id == bindparam("of_node"))
    values: dict[str, Any] = {name: bindparam(name) for name in (*DeliveryFacts.__slots__, "updated_at")}
    rows = [
        {"of_broadcast": way[0], "of_node": way[1], "updated_at": now_at, **_plain(standing)}
        for way, standing in standings.items()
    ]
    s.connection().execute(update(table).where(mine).values(values), rows)
    for way in standings:
        held = s.identity_map.get(identity_key(Delivery, way))
        if held is not None:
            s.expire(held)


def _plain(standing: DeliveryFacts) -> dict[str, object]:
    """Its fields as they are: a reason stays one."""
    return {name: getattr(standing, name) for name in DeliveryFacts.__slots__}
