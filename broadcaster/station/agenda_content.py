"""What the commune wants of each node now: the content of its agenda, before it gets a number and a signature."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.agenda import AgendaItem, ClipRef, Policy, StopOrder
from broadcaster.protocol.chunks import CHUNK_BYTES
from broadcaster.protocol.values import DeliveryState
from broadcaster.station import carried, chirps, quiet_hours, settings, stop_all, stored_clips
from broadcaster.station.outcomes import resumes
from broadcaster.station.schema import Broadcast, Clip, Delivery, Node
from broadcaster.station.states import BroadcastState

AHEAD = timedelta(hours=72)
STORE_BYTES = 50_000_000
"""Clips held in store for orders still to come take at most so much of a card."""

_Way = tuple[str, tuple[str, ...]]
"""A broadcast's id, and the languages in which one node plays it."""
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
    mine = _deliveries(s, broadcasts, nodes)
    stored = stored_clips.wanted(s, nodes, now_at)
    clips = _refs(s, broadcasts, stored, chunk_bytes)
    known = {broadcast.id: broadcast for broadcast in broadcasts}
    items = {each: _item(known[each[0]], each[1], clips) for each in {way for ways in mine.values() for way in ways}}
    policy, stop = _policy(s), _stop(s)
    contents = {}
    for node in nodes:
        until_at = max(now_at + AHEAD, carried_until.get(node.id, now_at))
        todo = _until(until_at, (items[way] for way in mine.get(node.id, ())))
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


def _item(broadcast: Broadcast, languages: tuple[str, ...], clips: dict[str, ClipRef]) -> AgendaItem:
    """The broadcast as a pole with these languages plays it."""
    said = {part.language: part.sha256 for part in broadcast.parts}
    own = tuple(said[language] for language in languages if language in said)
    return AgendaItem(
        broadcast=broadcast.id,
        parts=own,
        broadcast_class=broadcast.broadcast_class,
        start_at=broadcast.start_at,
        expires_at=broadcast.expires_at,
        duration_ms=sum(clips[sha256].duration_ms for sha256 in own),
        order=broadcast.ordering,
        live=broadcast.live,
        drill=broadcast.drill,
        chirp=chirps.is_chirp(broadcast),
        resume=resumes(broadcast.broadcast_class),
    )


def _deliveries(s: Session, broadcasts: Sequence[Broadcast], nodes: Sequence[Node]) -> dict[str, list[_Way]]:
    """The broadcasts still open for each node, in the order of ``broadcasts``, each with the node's languages."""
    place = {broadcast.id: index for index, broadcast in enumerate(broadcasts)}
    again = [broadcast.id for broadcast in broadcasts if resumes(broadcast.broadcast_class)]
    chosen = select(Delivery.node_id, Delivery.broadcast_id, Delivery.languages).where(
        Delivery.broadcast_id.in_(place),
        or_(
            Delivery.state.in_(_OPEN),
            (Delivery.state == DeliveryState.INTERRUPTED) & Delivery.broadcast_id.in_(again),
        ),
    )
    if len(nodes) == 1:
        chosen = chosen.where(Delivery.node_id == nodes[0].id)
    found: dict[str, list[_Way]] = {}
    for node_id, broadcast_id, languages in s.execute(chosen):
        found.setdefault(node_id, []).append((broadcast_id, tuple(languages)))
    return {node_id: sorted(ways, key=lambda way: place[way[0]]) for node_id, ways in found.items()}


def _refs(
    s: Session, broadcasts: Iterable[Broadcast], stored: dict[str, list[str]], chunk_bytes: int
) -> dict[str, ClipRef]:
    needed = {part.sha256 for broadcast in broadcasts for part in broadcast.parts}
    needed |= {sha for clips in stored.values() for sha in clips}
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
