"""What the commune wants of each node now: the content of its agenda, before it gets a number and a signature."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from msgspec import structs
from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.clip_plans import RELAY_ENGINE
from broadcaster.protocol.agenda import AgendaItem, ClipRef, Policy, StopOrder
from broadcaster.protocol.gauges.born import PREFIX
from broadcaster.protocol.gauges.rules import SpokenRule
from broadcaster.protocol.live.source import LiveSource
from broadcaster.protocol.mqtt.chunks import CHUNK_BYTES
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.agendas import live_items, offline_agendas, stored_clips
from broadcaster.station.broadcasts import test_tones as chirps
from broadcaster.station.broadcasts.outcomes import resumes
from broadcaster.station.gauges import spoken
from broadcaster.station.nodes.orders import Ordered, OwnRules, own_rules
from broadcaster.station.releases import progress
from broadcaster.station.releases.progress import Offer
from broadcaster.station.rows import settings
from broadcaster.station.rules import quiet_hours, stop_all
from broadcaster.station.schema import Broadcast, BroadcastPart, Clip, Delivery, NodeState
from broadcaster.station.vocabulary.states import BroadcastState

AHEAD = timedelta(hours=72)
MOST_WORDS = 100
"""Items that bring the words for a screen."""
STORE_BYTES = 50_000_000
"""Clips held in store for orders still to come take at most so much of a card."""

_Way = tuple[str, tuple[str, ...]]
"""A broadcast's id, and the languages in which one node plays it."""
_NodeRules = tuple[OwnRules, bool, Offer | None, tuple[SpokenRule, ...]]
"""A node's own rules, whether it has a screen, the program it is offered, what it may say by itself."""
_OPEN = (DeliveryState.PLANNED, DeliveryState.STORED, DeliveryState.PLAYING)


@dataclass(frozen=True, slots=True)
class AgendaContent:
    """items: what to play; clips: theirs first, then those to be held in store; policy; stop: a stop-all in force;
    offer: a newer program for the node."""

    items: tuple[AgendaItem, ...]
    clips: tuple[ClipRef, ...]
    policy: Policy
    stop: StopOrder | None
    offer: Offer | None = None


def for_node(s: Session, *, node: Ordered, now_at: datetime, chunk_bytes: int = CHUNK_BYTES) -> AgendaContent:
    """What one node shall hold and play."""
    return for_nodes(s, nodes=[node], now_at=now_at, chunk_bytes=chunk_bytes)[node.id]


def for_nodes(
    s: Session, *, nodes: Sequence[Ordered], now_at: datetime, chunk_bytes: int = CHUNK_BYTES
) -> dict[str, AgendaContent]:
    """The same for many, by node id; the number of questions to the database does not grow with them, and those who are
    asked the same share one object."""
    offline_until = offline_agendas.horizons(s)
    broadcasts = _due(s, until_at=max([now_at + AHEAD, *offline_until.values()]), now_at=now_at)
    mine = _deliveries(s, broadcasts, nodes)
    stored = stored_clips.wanted(s, nodes, now_at)
    sources = live_items.sources(s, broadcasts)
    clips = _refs(s, broadcasts, stored, chunk_bytes, more={sha for each in sources.values() for sha in each.fallback})
    known = {broadcast.id: broadcast for broadcast in broadcasts}
    items = {
        way: _live_item(known[way[0]], sources[way[0]]) if way[0] in sources else _item(known[way[0]], way[1], clips)
        for way in {way for ways in mine.values() for way in ways}
    }
    policy, stop, speaks = _policy(s), _stop(s), spoken.for_nodes(s, nodes, now_at=now_at)
    clips |= _refs(s, (), {}, chunk_bytes, more=_named(speaks))
    offered = progress.offers(s)
    screens = set(s.scalars(select(NodeState.node_id).where(NodeState.screen)))

    @cache
    def content(until_at: datetime, ways: tuple[_Way, ...], ahead: tuple[str, ...], rules: _NodeRules) -> AgendaContent:
        own, has_screen, offer, says = rules
        todo = _until(until_at, (items[way] for way in ways))
        todo = _with_words(todo, known) if has_screen else todo
        own_policy = structs.replace(own.within(policy), spoken_rules=says)
        return AgendaContent(todo, _held(todo, says, ahead, clips), own_policy, stop, offer)

    contents = {}
    for node in nodes:
        until_at = max(now_at + AHEAD, offline_until.get(node.id, now_at))
        ahead = tuple(stored.get(node.id, ()))
        rules = (own_rules(node), node.id in screens, offered.get(node.id), speaks.get(node.id, ()))
        contents[node.id] = content(until_at, tuple(mine.get(node.id, ())), ahead, rules)
    return contents


def sounding(s: Session, *, now_at: datetime, chunk_bytes: int = CHUNK_BYTES) -> list[tuple[ClipRef, datetime]]:
    """The clips of all that is to sound soon, and when each does for the first time; for whichever nodes."""
    chosen = (
        select(Clip.sha256, Clip.size_bytes, Clip.duration_ms, func.min(Broadcast.start_at))
        .join(BroadcastPart, BroadcastPart.sha256 == Clip.sha256)
        .join(Broadcast, Broadcast.id == BroadcastPart.broadcast_id)
        .where(*_is_due(until_at=now_at + AHEAD, now_at=now_at))
        .group_by(Clip.sha256, Clip.size_bytes, Clip.duration_ms)
    )
    return [
        (ClipRef(sha256=sha256, size_bytes=size_bytes, chunk_bytes=chunk_bytes, duration_ms=duration_ms), start_at)
        for sha256, size_bytes, duration_ms, start_at in s.execute(chosen)
    ]


def _is_due(*, until_at: datetime, now_at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Broadcast.state.in_([BroadcastState.SCHEDULED, BroadcastState.ON_AIR]),
        Broadcast.start_at <= until_at,
        Broadcast.expires_at > now_at,
        Broadcast.id.not_like(f"{PREFIX}%"),  # what began at a node is the node's own affair
    )


def _due(s: Session, *, until_at: datetime, now_at: datetime) -> list[Broadcast]:
    chosen = select(Broadcast).where(*_is_due(until_at=until_at, now_at=now_at))
    ordered = chosen.order_by(Broadcast.start_at, Broadcast.ordering, Broadcast.id)
    return list(s.scalars(ordered.options(lazyload(Broadcast.deliveries), lazyload(Broadcast.ordered_by))).unique())


def _until(until_at: datetime, items: Iterable[AgendaItem]) -> tuple[AgendaItem, ...]:
    return tuple(item for item in items if item.start_at <= until_at)


def _item(broadcast: Broadcast, languages: tuple[str, ...], clips: dict[str, ClipRef]) -> AgendaItem:
    """The broadcast as a node with these languages plays it."""
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
        gives_way=broadcast.engine == RELAY_ENGINE,
    )


def _live_item(broadcast: Broadcast, source: LiveSource) -> AgendaItem:
    """A live broadcast: the chime, and sound behind it; whatever cuts it, it goes on afterwards."""
    return AgendaItem(
        broadcast=broadcast.id,
        parts=(broadcast.parts[0].sha256,),
        broadcast_class=broadcast.broadcast_class,
        start_at=broadcast.start_at,
        expires_at=broadcast.expires_at,
        duration_ms=broadcast.duration_ms,
        order=broadcast.ordering,
        live=broadcast.live,
        drill=broadcast.drill,
        resume=True,
        source=source,
    )


def _with_words(items: Sequence[AgendaItem], known: dict[str, Broadcast]) -> tuple[AgendaItem, ...]:
    """The same for a node with a screen; words of the first ones only, as an agenda has its limit of bytes."""
    return tuple(
        structs.replace(item, board_text=known[item.broadcast].board_text or known[item.broadcast].title)
        if index < MOST_WORDS and known[item.broadcast].announcement_id is not None
        else item
        for index, item in enumerate(items)
    )


def _deliveries(s: Session, broadcasts: Sequence[Broadcast], nodes: Sequence[Ordered]) -> dict[str, list[_Way]]:
    """The broadcasts still open for each node, in the order of ``broadcasts``, each with the node's languages.

    The database answers with one row for all nodes of a broadcast that speak alike: a row for each delivery takes
    longer than everything else.
    """
    again = [broadcast.id for broadcast in broadcasts if resumes(broadcast.broadcast_class)]
    place = {broadcast.id: index for index, broadcast in enumerate(broadcasts)}
    spoken = cast(Delivery.languages, String)
    chosen = select(Delivery.broadcast_id, spoken, func.aggregate_strings(Delivery.node_id, " ")).where(
        Delivery.broadcast_id.in_(place),
        or_(
            Delivery.state.in_(_OPEN),
            (Delivery.state == DeliveryState.INTERRUPTED) & Delivery.broadcast_id.in_(again),
        ),
    )
    if len(nodes) == 1:
        chosen = chosen.where(Delivery.node_id == nodes[0].id)
    found: dict[str, list[_Way]] = {}
    rows = s.execute(chosen.group_by(Delivery.broadcast_id, spoken)).all()
    for broadcast_id, languages, members in sorted(rows, key=lambda row: place[row[0]]):
        way = (broadcast_id, tuple(json.loads(languages)))
        for node_id in members.split():
            found.setdefault(node_id, []).append(way)
    return found


def _named(speaks: dict[str, tuple[SpokenRule, ...]]) -> set[str]:
    return {sha for says in speaks.values() for each in says for sha in each.parts}


def _refs(
    s: Session, broadcasts: Iterable[Broadcast], stored: dict[str, list[str]], chunk_bytes: int, *, more: set[str]
) -> dict[str, ClipRef]:
    needed = more | {part.sha256 for broadcast in broadcasts for part in broadcast.parts}
    needed |= {sha for clips in stored.values() for sha in clips}
    return {
        clip.sha256: ClipRef(
            sha256=clip.sha256, size_bytes=clip.size_bytes, chunk_bytes=chunk_bytes, duration_ms=clip.duration_ms
        )
        for clip in s.scalars(select(Clip).where(Clip.sha256.in_(needed)))
    }


def _held(
    items: Sequence[AgendaItem], says: Sequence[SpokenRule], stored: Sequence[str], clips: dict[str, ClipRef]
) -> tuple[ClipRef, ...]:
    """What the node may say by itself it holds always, however little room there is."""
    held = dict.fromkeys(sha for item in items for sha in item.clips)
    held |= dict.fromkeys(sha for each in says for sha in each.parts)
    room = STORE_BYTES
    for sha in stored:
        room -= clips[sha].size_bytes
        if room < 0:
            break
        held[sha] = None
    return tuple(clips[sha] for sha in held)


def _policy(s: Session) -> Policy:
    """The commune's part; each node has rules of its own."""
    return Policy(
        timezone=quiet_hours.timezone(s),
        quiet_hours=quiet_hours.read(s),
        monthly_megabytes=settings.read(s, "monthly_megabytes", 0),
    )


def _stop(s: Session) -> StopOrder | None:
    order = stop_all.in_force(s)
    if order is None:
        return None
    return StopOrder(order=order.id, ordered_at=order.ordered_at, reason=order.reason)
