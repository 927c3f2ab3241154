"""Freezing a broadcast: everything that will sound is copied, so that nothing that happens later can reach it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from broadcaster.payments.levy import Levy
from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.announcements.planned_broadcasts import note
from broadcaster.station.broadcasts import parts
from broadcaster.station.clips.content import text_hash
from broadcaster.station.nodes.languages import VIETNAMESE
from broadcaster.station.schema import (
    Announcement,
    Broadcast,
    BroadcastPart,
    Clip,
    Delivery,
    Node,
    Person,
    new_id,
)
from broadcaster.station.schema.announcement_fields import Use, used
from broadcaster.station.vocabulary.states import BroadcastState, Origin

LIVE_ROUTINE_GRACE = timedelta(minutes=15)
"""An order given now may wait longer for a node than an announcement by the clock."""
PAUSE_BETWEEN = timedelta(seconds=2)


class Timing(Protocol):
    """The part of the schedule settings that decides when a broadcast starts and ends to be worth playing."""

    @property
    def lead_seconds(self) -> float: ...
    @property
    def shortest_lead_seconds(self) -> float: ...
    @property
    def longest_lead_seconds(self) -> float: ...
    @property
    def routine_grace_minutes(self) -> int: ...
    @property
    def priority_grace_minutes(self) -> int: ...
    @property
    def emergency_grace_minutes(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardTiming:
    """The defaults, in the units of the names."""

    lead_seconds: float = 1.0
    shortest_lead_seconds: float = 0.4
    longest_lead_seconds: float = 4.0
    routine_grace_minutes: int = 5
    priority_grace_minutes: int = 30
    emergency_grace_minutes: int = 360


STANDARD = StandardTiming()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What sounds, each field as in ``schema.Broadcast``.

    announcement_id: None for the station's own words.
    versions: clips in other languages, by language.
    live_ms: how long the live sound behind the clip may be; 0 for what is all in the clip.
    """

    announcement_id: str | None
    title: str
    script: str
    broadcast_class: BroadcastClass
    drill: bool
    clip_sha256: str
    content_hash: str
    text: str | None = None
    levy: Levy | None = None
    origin: Origin = Origin.COMMUNE
    document_number: str | None = None
    board_text: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    live_ms: int = 0

    @property
    def clips(self) -> dict[str, str]:
        """Every clip by its language, Vietnamese first."""
        return {VIETNAMESE: self.clip_sha256, **dict(self.versions)}


_COPIED = ("announcement_id", "script", "content_hash", *used(Use.FROZEN))
"""What a broadcast takes over from its content as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastPlan:
    """What is to be frozen besides the announcement.

    start_at: first sample.
    nodes: where it sounds.
    live: ordered now.
    occurrence_id, position: its place in a slot's date.
    key: the caller's own id of the order.
    broadcast_id: when something is to be counted from it; else it is drawn.
    """

    start_at: datetime
    nodes: Sequence[Node]
    live: bool = False
    occurrence_id: str | None = None
    position: int = 0
    key: str | None = None
    broadcast_id: str | None = None


def freeze(
    s: Session,
    announcement: Announcement,
    plan: BroadcastPlan,
    *,
    by: Person | None,
    now_at: datetime,
    timing: Timing = STANDARD,
) -> Broadcast:
    """The broadcast of an announcement with a clip; its deliveries are planned."""
    return freeze_content(s, content_of(announcement), plan, by=by, now_at=now_at, timing=timing)


def content_of(announcement: Announcement) -> Content:
    """What an announcement that has its clip sounds like now."""
    return Content(
        announcement_id=announcement.id,
        script=announcement.script or "",
        clip_sha256=announcement.clip_sha256 or "",
        content_hash=announcement.content_hash or "",
        **{name: getattr(announcement, name) for name in used(Use.FROZEN)},
        versions=tuple(
            (each.language, each.clip_sha256)
            for each in announcement.versions
            if each.clip_sha256 is not None and each.said_of == text_hash(announcement)
        ),
    )


def freeze_content(
    s: Session, content: Content, plan: BroadcastPlan, *, by: Person | None, now_at: datetime, timing: Timing = STANDARD
) -> Broadcast:
    """The broadcast of any content; its deliveries are planned."""
    clip = s.get_one(Clip, content.clip_sha256)
    shared = parts.of(s, content.clips, plan.nodes)
    duration_ms = shared.duration_ms + content.live_ms
    broadcast = Broadcast(
        id=plan.broadcast_id or new_id(),
        **{name: getattr(content, name) for name in _COPIED},
        occurrence_id=plan.occurrence_id,
        position=plan.position,
        live=plan.live,
        state=BroadcastState.SCHEDULED,
        start_at=plan.start_at,
        expires_at=_expiry(plan, content.broadcast_class, duration_ms, timing),
        duration_ms=duration_ms,
        ordered_by_id=by.id if by else None,
        created_at=now_at,
        engine=clip.engine,
        requested_key=plan.key,
    )
    broadcast.parts = [
        BroadcastPart(position=position, sha256=sha256, language=language)
        for position, (language, sha256) in enumerate(shared.clips.items())
    ]
    planned = {"state": DeliveryState.PLANNED, "updated_at": now_at}
    broadcast.deliveries = [
        Delivery(node_id=node.id, languages=list(shared.languages[node.id]), **planned) for node in plan.nodes
    ]
    s.add(broadcast)
    s.flush()
    s.refresh(broadcast)
    note(s, broadcast, "broadcast.ordered", by=by, now_at=now_at)
    return broadcast


def _expiry(plan: BroadcastPlan, kind: BroadcastClass, duration_ms: int, timing: Timing) -> datetime:
    grace = {
        BroadcastClass.ROUTINE: timedelta(minutes=timing.routine_grace_minutes),
        BroadcastClass.PRIORITY: timedelta(minutes=timing.priority_grace_minutes),
        BroadcastClass.EMERGENCY: timedelta(minutes=timing.emergency_grace_minutes),
    }[kind]
    if plan.live:
        grace = max(grace, LIVE_ROUTINE_GRACE)
    return plan.start_at + timedelta(milliseconds=duration_ms) + grace
