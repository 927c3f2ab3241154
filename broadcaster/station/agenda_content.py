"""What the commune wants of each node now: the content of its agenda, before it gets a number and a signature."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.agenda import AgendaItem, ClipRef, Policy, StopOrder
from broadcaster.protocol.chunks import CHUNK_BYTES
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station import carried, chirps, quiet_hours, settings, stop_all
from broadcaster.station.outcomes import resumes
from broadcaster.station.schema import (
    Announcement,
    Broadcast,
    Clip,
    Delivery,
    Node,
    announcement_zones,
    zone_nodes,
)
from broadcaster.station.states import AnnouncementState, BroadcastState

AHEAD = timedelta(hours=72)
STORE_BYTES = 50_000_000
"""Clips held in store for orders still to come take at most so much of a card."""

_OPEN = (DeliveryState.PLANNED, DeliveryState.STORED, DeliveryState.PLAYING)


@dataclass(frozen=True, slots=True)
class AgendaContent:
    """items: what to play; clips: theirs first, then those to be held in store; policy; stop: a stop-all in force."""

    items: tuple[AgendaItem, ...]
    clips: tuple[ClipRef, ...]
    policy: Policy
    stop: StopOrder | None


def for_node(s: Session, *, node: Node, now_at: datetime, chunk_bytes: int = CHUNK_BYTES) -> AgendaContent:
    """What one node shall hold and play."""
    return for_nodes(s, nodes=[node], now_at=now_at, chunk_bytes=chunk_bytes)[node.id]


def for_nodes(
    s: Session, *, nodes: Sequence[Node], now_at: datetime, chunk_bytes: int = CHUNK_BYTES
) -> dict[str, AgendaContent]:
    """The same for many, by node id; the number of questions to the database does not grow with them."""
    carried_until = carried.horizons(s)
    broadcasts = _airing(s, until_at=max([now_at + AHEAD, *carried_until.values()]), now_at=now_at)
    items = {broadcast.id: _item(broadcast) for broadcast in broadcasts}
    mine = _deliveries(s, broadcasts, nodes)
    stored = _stored(s, nodes, now_at)
    clips = _refs(s, items.values(), stored, chunk_bytes)
    policy, stop = _policy(s), _stop(s)
    contents = {}
    for node in nodes:
        until_at = max(now_at + AHEAD, carried_until.get(node.id, now_at))
        todo = _until(until_at, (items[broadcast_id] for broadcast_id in mine.get(node.id, ())))
        held = _held(todo, stored.get(node.id, ()), clips)
        own = _own(policy, node)
        contents[node.id] = AgendaContent(todo, held, own, stop)
    return contents


def _airing(s: Session, *, until_at: datetime, now_at: datetime) -> list[Broadcast]:
    chosen = select(Broadcast).where(
        Broadcast.state.in_([BroadcastState.SCHEDULED, BroadcastState.ON_AIR]),
        Broadcast.start_at <= until_at,
        Broadcast.expires_at > now_at,
    )
    ordered = chosen.order_by(Broadcast.start_at, Broadcast.ordering, Broadcast.id)
    return list(s.scalars(ordered.options(lazyload(Broadcast.deliveries), lazyload(Broadcast.ordered_by))).unique())


def _until(until_at: datetime, items: Iterable[AgendaItem]) -> tuple[AgendaItem, ...]:
    return tuple(item for item in items if item.start_at <= until_at)


def _item(broadcast: Broadcast) -> AgendaItem:
    return AgendaItem(
        broadcast=broadcast.id,
        parts=tuple(part.sha256 for part in broadcast.parts),
        broadcast_class=broadcast.broadcast_class,
        start_at=broadcast.start_at,
        expires_at=broadcast.expires_at,
        duration_ms=broadcast.duration_ms,
        order=broadcast.ordering,
        live=broadcast.live,
        drill=broadcast.drill,
        chirp=chirps.is_chirp(broadcast),
        resume=resumes(broadcast.broadcast_class),
    )


def _deliveries(s: Session, broadcasts: Sequence[Broadcast], nodes: Sequence[Node]) -> dict[str, list[str]]:
    """Ids of the broadcasts still open for each node, in the order of ``broadcasts``."""
    place = {broadcast.id: index for index, broadcast in enumerate(broadcasts)}
    again = [broadcast.id for broadcast in broadcasts if resumes(broadcast.broadcast_class)]
    chosen = select(Delivery.node_id, Delivery.broadcast_id).where(
        Delivery.broadcast_id.in_(place),
        or_(
            Delivery.state.in_(_OPEN),
            (Delivery.state == DeliveryState.INTERRUPTED) & Delivery.broadcast_id.in_(again),
        ),
    )
    if len(nodes) == 1:
        chosen = chosen.where(Delivery.node_id == nodes[0].id)
    found: dict[str, list[str]] = {}
    for node_id, broadcast_id in s.execute(chosen):
        found.setdefault(node_id, []).append(broadcast_id)
    return {node_id: sorted(ids, key=place.__getitem__) for node_id, ids in found.items()}


def _stored(s: Session, nodes: Sequence[Node], now_at: datetime) -> dict[str, list[str]]:
    """Clips of approved announcements meant for each node: emergencies first, then the newest."""
    urgency = case((Announcement.broadcast_class == BroadcastClass.EMERGENCY, 0), else_=1)
    chosen = (
        select(zone_nodes.c.node_id, Announcement.clip_sha256)
        .join(announcement_zones, announcement_zones.c.zone_id == zone_nodes.c.zone_id)
        .join(Announcement, Announcement.id == announcement_zones.c.announcement_id)
        .where(
            Announcement.state == AnnouncementState.APPROVED,
            Announcement.clip_sha256.is_not(None),
            or_(Announcement.valid_until_at.is_(None), Announcement.valid_until_at > now_at),
        )
        .order_by(urgency, Announcement.updated_at.desc(), Announcement.id)
    )
    if len(nodes) == 1:
        chosen = chosen.where(zone_nodes.c.node_id == nodes[0].id)
    found: dict[str, list[str]] = {}
    for node_id, sha256 in s.execute(chosen):
        if sha256 is not None:
            found.setdefault(node_id, []).append(sha256)
    return found


def _refs(
    s: Session, items: Iterable[AgendaItem], stored: dict[str, list[str]], chunk_bytes: int
) -> dict[str, ClipRef]:
    needed = {sha for item in items for sha in item.parts} | {sha for clips in stored.values() for sha in clips}
    return {
        clip.sha256: ClipRef(
            sha256=clip.sha256, size_bytes=clip.size_bytes, chunk_bytes=chunk_bytes, duration_ms=clip.duration_ms
        )
        for clip in s.scalars(select(Clip).where(Clip.sha256.in_(needed)))
    }


def _held(items: Sequence[AgendaItem], stored: Sequence[str], clips: dict[str, ClipRef]) -> tuple[ClipRef, ...]:
    held = dict.fromkeys(sha for item in items for sha in item.parts)
    room = STORE_BYTES
    for sha in stored:
        room -= clips[sha].size_bytes
        if room < 0:
            break
        held[sha] = None
    return tuple(clips[sha] for sha in held)


def _policy(s: Session) -> Policy:
    """The commune's part; a node's own volume and stagger are put in for each."""
    return Policy(
        timezone=quiet_hours.timezone(s),
        quiet_hours=quiet_hours.read(s),
        monthly_megabytes=settings.read(s, "monthly_megabytes", 0),
    )


def _own(policy: Policy, node: Node) -> Policy:
    return replace(
        policy,
        quiet_hours=(*policy.quiet_hours, *quiet_hours.of_pairs(node.quiet_hours)),
        volume_percent=node.volume_percent,
        volume_profile=tuple(node.volume_profile),
        stagger_ms=node.stagger_ms,
    )


def _stop(s: Session) -> StopOrder | None:
    order = stop_all.in_force(s)
    if order is None:
        return None
    return StopOrder(order=order.id, ordered_at=order.ordered_at, reason=order.reason)
