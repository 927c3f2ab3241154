"""Whether every node will sound what begins soon, and what stands in the way of those that will not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from broadcaster.refusals.reasons import Reason
from broadcaster.station.broadcasts.test_tones import are_chirps
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView, clock_apart, is_apart
from broadcaster.station.relays import slot_relays, sources, takes
from broadcaster.station.rows import settings
from broadcaster.station.rules import quiet_hours
from broadcaster.station.schema import Announcement, Broadcast, Delivery, Node, NodeState, Occurrence
from broadcaster.station.units.zone_members import members, reached
from broadcaster.station.vocabulary.states import AnnouncementState, BroadcastState

_MEGABYTE = 1_000_000
_AGENDA_OLD = Reason("node.agenda_old")
SOON = timedelta(minutes=10)
FAINT_PERCENT = 30
"""Below this a horn is hardly heard across a hamlet."""

Kind = Literal["stopped", "link", "alone", "clip", "clock", "muted", "sound", "volume", "quiet", "budget"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """kind: of what stands in the way, "alone" is a node without a link that has all it needs; reason: in words."""

    kind: Kind
    reason: Reason


@dataclass(frozen=True, slots=True)
class NodeReadiness:
    """node: the node; obstacles: empty when it is ready."""

    node: Node
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """One programme, or one single broadcast.

    start_at: when it begins.
    broadcasts: ids of its aired, in order.
    title: of the slot, or of the single broadcast.
    nodes: all it is meant for, by name.
    sources: of its relay, those that gave no sound when they were tried for it, each with why.
    """

    start_at: datetime
    broadcasts: tuple[str, ...]
    title: str
    nodes: tuple[NodeReadiness, ...]
    sources: tuple[Reason, ...] = ()

    @property
    def ready(self) -> int:
        """How many will sound as they should."""
        return sum(not node.obstacles for node in self.nodes)


def soon(s: Session, *, now_at: datetime, within: timedelta = SOON) -> list[Readiness]:
    """What begins within this time, soonest first."""
    chosen = select(Broadcast).where(
        Broadcast.state == BroadcastState.SCHEDULED,
        Broadcast.start_at > now_at,
        Broadcast.start_at <= now_at + within,
        Broadcast.repeat_of_id.is_(None),
        ~are_chirps(),
    )
    programmes: dict[str, list[Broadcast]] = {}
    for each in s.scalars(chosen.order_by(Broadcast.start_at, Broadcast.id).options(lazyload("*"))):
        programmes.setdefault(each.occurrence_id or each.id, []).append(each)
    if not programmes:
        return []
    board = {view.node.id: view for view in nodes.board(s, now_at=now_at)}
    zone = ZoneInfo(quiet_hours.timezone(s))
    return [_readiness(s, broadcasts, board, zone) for broadcasts in programmes.values()]


def ready_now(
    view: NodeView, *, kind: BroadcastClass, drill: bool, span: tuple[datetime, datetime], zone: ZoneInfo
) -> NodeReadiness:
    """One node, for an order given now: what it lacks it still has to fetch. ``span``: from its start to its end."""
    begin, end = span[0].astimezone(zone), span[1].astimezone(zone)
    waited = [] if view.presence == "online" else [DeliveryState.PLANNED]
    found = _obstacles(view, waited, volume_at(view.node, begin.hour))
    if kind is not BroadcastClass.EMERGENCY or drill:
        own = [each for each in quiet_hours.of_pairs(view.node.quiet_hours) if quiet_hours.overlaps(each, begin, end)]
        found += [Obstacle("quiet", Reason("readiness.quiet_hours", hours=quiet_hours.written(each))) for each in own]
    return NodeReadiness(view.node, tuple(found))


def hears_live(s: Session, found: Sequence[Node], *, now_at: datetime) -> list[NodeReadiness]:
    """Whether each of these nodes would hear somebody who speaks live now, by name. Live sound lies on no disk: a node
    without a link, or whose data of the month is spent, hears nothing of it."""
    board = {view.node.id: view for view in nodes.board(s, now_at=now_at)}
    hour = now_at.astimezone(ZoneInfo(quiet_hours.timezone(s))).hour
    budget = settings.read(s, "monthly_megabytes", 0)
    views = [board[node.id] for node in sorted(found, key=lambda each: (each.name, each.id)) if node.id in board]
    return [NodeReadiness(view.node, tuple(_live_obstacles(view, hour, budget))) for view in views]


def _live_obstacles(view: NodeView, hour: int, budget: int) -> Iterator[Obstacle]:
    if view.presence in ("offline", "unknown"):
        yield Obstacle("link", Reason("readiness.offline_live"))
    yield from (each for each in _obstacles(view, [], volume_at(view.node, hour)) if each.kind != "alone")
    used = view.state.health.get("bytes_this_month") if view.state is not None else None
    if budget and isinstance(used, int) and used >= budget * _MEGABYTE:
        yield Obstacle("budget", Reason("readiness.budget_spent", budget=budget))


def stored_counts(s: Session, announcements: Sequence[Announcement], *, now_at: datetime) -> dict[str, tuple[int, int]]:
    """On how many nodes each would sound at once from their own disk, and of how many in all, by its id."""
    board = {view.node.id: view for view in nodes.board(s, now_at=now_at)}
    known = members(s)
    found = {}
    for each in announcements:
        meant = reached(each.zones, known)
        approved = each.state is AnnouncementState.APPROVED
        ready = [node_id for node_id in meant if approved and node_id in board and _holds_all(board[node_id])]
        found[each.id] = (len(ready), len(meant))
    return found


def _holds_all(view: NodeView) -> bool:
    """Reachable now, with its last agenda and every clip of it, and nothing that keeps it silent."""
    if view.state is None or view.presence != "online" or _AGENDA_OLD in view.reasons:
        return False
    return view.state.clips_missing == 0 and not _body(view.state)


def volume_at(node: Node, hour: int) -> int:
    """What the commune allows this node in this hour of the day, in percent."""
    return min([node.volume_percent, *node.volume_profile[hour : hour + 1]])


def _readiness(s: Session, broadcasts: Sequence[Broadcast], board: dict[str, NodeView], zone: ZoneInfo) -> Readiness:
    ids = tuple(broadcast.id for broadcast in broadcasts)
    start_at = broadcasts[0].start_at
    waited: dict[str, list[DeliveryState]] = {}
    for node_id, state in s.execute(select(Delivery.node_id, Delivery.state).where(Delivery.broadcast_id.in_(ids))):
        waited.setdefault(node_id, []).append(state)
    hour = start_at.astimezone(zone).hour
    nodes = [
        NodeReadiness(view.node, tuple(_obstacles(view, waited[node_id], volume_at(view.node, hour))))
        for node_id, view in board.items()
        if node_id in waited
    ]
    date = s.get(Occurrence, broadcasts[0].occurrence_id) if broadcasts[0].occurrence_id else None
    title, silent = (date.slot.name, tuple(_silent_sources(s, date))) if date else (broadcasts[0].title, ())
    return Readiness(start_at, ids, title, tuple(nodes), silent)


def _silent_sources(s: Session, date: Occurrence) -> Iterator[Reason]:
    """Sources of its relay that gave no sound when they were tried before this date."""
    relay = slot_relays.find(s, date.slot_id)
    if relay is None:
        return
    since_at = date.start_at - timedelta(minutes=relay.lead_minutes) - takes.PROBE_BEFORE
    for source in sources.of(s, relay.source_ids):
        if source.trouble is not None and source.probed_at is not None and source.probed_at >= since_at:
            yield Reason("readiness.source_silent", name=source.name, why=source.trouble)


def _obstacles(view: NodeView, states: Sequence[DeliveryState], volume_percent: int) -> list[Obstacle]:
    missing = sum(state is DeliveryState.PLANNED for state in states)
    found = [*_link(view, missing), *(_body(view.state) if view.state else [])]
    if view.sound_fault is not None:
        found.append(Obstacle("sound", Reason("node.last_play_failed", why=view.sound_fault)))
    if volume_percent < FAINT_PERCENT:
        found.append(Obstacle("volume", Reason("readiness.faint", percent=volume_percent)))
    return found


def _link(view: NodeView, missing: int) -> list[Obstacle]:
    if view.presence == "elsewhere":
        return [Obstacle("link", Reason("node.obeys_another"))]
    if view.presence == "never":
        return [Obstacle("link", Reason("readiness.never_connected"))]
    if view.presence != "online":
        if missing:
            return [Obstacle("link", Reason("readiness.offline_without_clips"))]
        return [Obstacle("alone", Reason("readiness.offline_with_clips"))]
    return [Obstacle("clip", Reason("readiness.clips_missing", count=missing))] if missing else []


def _body(state: NodeState) -> list[Obstacle]:
    candidates = [
        (state.stopped, Obstacle("stopped", Reason("node.stopped"))),
        (state.clock is ClockState.UNSYNCED, Obstacle("clock", Reason("node.unsynced"))),
        (is_apart(state.clock_offset_ms), Obstacle("clock", clock_apart(state))),
        (state.muted, Obstacle("muted", Reason("readiness.muted"))),
        (not state.sound, Obstacle("sound", Reason("readiness.no_sound_device"))),
    ]
    return [obstacle for true, obstacle in candidates if true]
