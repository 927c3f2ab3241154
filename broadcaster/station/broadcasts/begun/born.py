"""Broadcasts that began at a node: taken in when the node says so, if two people had allowed exactly that.

What sounded is made of the allowance as it was confirmed, so nothing that changed since reaches it. A node that was
not meant, a crossing outside of what was allowed or within the rest after another is no broadcast: whoever holds a
node's card cannot invent them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.gauges import born
from broadcaster.protocol.gauges.rules import GaugeRule
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.announcements.planned_broadcasts import note
from broadcaster.station.broadcasts import parts
from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import Broadcast, BroadcastPart, Clip, Delivery, GaugeAllowance, Node, Zone
from broadcaster.station.units.units import nodes_of
from broadcaster.station.vocabulary.states import BroadcastState

APART = timedelta(minutes=5)
"""So far may the clocks of node and station be from each other."""
Way = tuple[str, str]
"""A broadcast and a node."""


def take_in(s: Session, ways: Iterable[Way], *, now_at: datetime) -> None:
    """Write down those of these broadcasts that a node may have begun, and the node's delivery of each."""
    for broadcast_id, node_id in sorted({way for way in ways if way[0].startswith(born.PREFIX)}):
        birth, node = born.birth_of(broadcast_id), s.get(Node, node_id)
        if birth is None or node is None or s.get(Delivery, (broadcast_id, node_id)) is not None:
            continue
        locked: Any = {"of": GaugeAllowance}  # of two processes that hear of one broadcast the second finds it
        allowance = s.get(GaugeAllowance, birth.allowance, with_for_update=locked, populate_existing=True)
        if allowance is not None and _may_be(s, birth, allowance, node, now_at):
            _write_down(s, birth, allowance, node, now_at)


def allowed(s: Session, ids: Iterable[str]) -> set[str]:
    """Those that say they began by something two people allowed; whether they did ``take_in`` judges."""
    births = {each: birth for each in ids if (birth := born.birth_of(each)) is not None}
    wanted = select(GaugeAllowance.id).where(GaugeAllowance.id.in_({birth.allowance for birth in births.values()}))
    known = set(s.scalars(wanted)) if births else set()
    return {each for each, birth in births.items() if birth.allowance in known}


def _may_be(s: Session, birth: born.Birth, allowance: GaugeAllowance, node: Node, now_at: datetime) -> bool:
    """Whether two people allowed it then and there."""
    begin_at, end_at = allowance.confirmed_at, allowance.expires_at
    if begin_at is None or not begin_at - APART <= birth.crossed_at <= min(end_at, now_at + APART):
        return False
    zones = s.scalars(select(Zone).where(Zone.id.in_(allowance.spoken["zones"])))
    if node.id not in {each.id for each in nodes_of(s, zones)}:
        return False
    rest = timedelta(seconds=msgspec.convert(allowance.spoken["rule"], GaugeRule).rest_seconds)
    return not any(abs(each - birth.crossed_at) < rest for each in _others(s, allowance, node.id, but=birth.broadcast))


def _others(s: Session, allowance: GaugeAllowance, node_id: str, *, but: str) -> list[datetime]:
    """When this node began others by the same allowance."""
    mine = select(Broadcast.start_at).join(Delivery, Delivery.broadcast_id == Broadcast.id).where(
        Broadcast.id.like(f"{born.PREFIX}{allowance.id}-%"), Broadcast.id != but, Delivery.node_id == node_id
    )  # fmt: skip
    return list(s.scalars(mine))


def _write_down(s: Session, birth: born.Birth, allowance: GaugeAllowance, node: Node, now_at: datetime) -> None:
    shared = parts.of(s, allowance.spoken["clips"], [node])
    if s.get(Broadcast, birth.broadcast) is None:
        _freeze(s, birth, allowance, shared.duration_ms, now_at)
    planned = {"state": DeliveryState.PLANNED, "updated_at": now_at, "languages": list(shared.languages[node.id])}
    s.execute(insert_once(s, Delivery, broadcast_id=birth.broadcast, node_id=node.id, **planned))
    s.flush()
    s.expire(s.get_one(Broadcast, birth.broadcast), ["deliveries"])


def _freeze(s: Session, birth: born.Birth, allowance: GaugeAllowance, duration_ms: int, now_at: datetime) -> None:
    said = allowance.spoken
    clip = s.get_one(Clip, allowance.clip_sha256)
    made = Broadcast(
        id=birth.broadcast,
        announcement_id=said["announcement"],
        title=said["title"],
        script=said["script"],
        text=said["text"],
        board_text=said["board_text"],
        content_hash=said["content_hash"],
        broadcast_class=BroadcastClass.EMERGENCY,
        drill=False,
        position=0,
        live=True,
        state=BroadcastState.SCHEDULED,
        start_at=birth.crossed_at,
        expires_at=born.expires_at(birth.crossed_at, duration_ms),
        duration_ms=duration_ms,
        created_at=now_at,
        engine=clip.engine,
    )
    made.parts = [
        BroadcastPart(position=place, sha256=sha256, language=language)
        for place, (language, sha256) in enumerate(said["clips"].items())
    ]
    s.add(made)
    s.flush()
    note(s, made, "broadcast.began_at_node", by=None, now_at=now_at)
