"""Figures for watching programs: how often, how far, how fast."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from broadcaster.station.schema import Broadcast, Clip, Delivery, Matter, RenderJob
from broadcaster.station.vocabulary.states import JobState

REMEMBERED = timedelta(days=1)
"""A node may say a day late when it began to sound."""


def deliveries(s: Session) -> Iterable[tuple[str, str, int]]:
    """Class of the broadcast, state of the delivery, and how many there are."""
    asked = (
        select(Broadcast.broadcast_class, Delivery.state, func.count())
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .group_by(Broadcast.broadcast_class, Delivery.state)
    )
    return [(str(each), str(state), count) for each, state, count in s.execute(asked)]


def clips_by_engine(s: Session) -> Iterable[tuple[str, int, int]]:
    """Engine, how many clips it spoke, and how many of them because another one could not."""
    asked = select(Clip.engine, func.count(), func.count(Clip.fallback_reason)).group_by(Clip.engine)
    return [(engine, count, fallbacks) for engine, count, fallbacks in s.execute(asked)]


def open_matters(s: Session) -> dict[str, int]:
    """How many of each kind nobody has dealt with."""
    asked = select(Matter.kind, func.count()).where(Matter.dealt_at.is_(None)).group_by(Matter.kind)
    return {row[0]: row[1] for row in s.execute(asked)}


@dataclass(frozen=True, slots=True)
class Lasting:
    """id: of what happened, never twice; seconds: how long it took."""

    id: str
    seconds: float


def renderings(s: Session, *, since_at: datetime) -> Iterable[Lasting]:
    """Clips finished since then, from their worker's first touch to the finished file."""
    asked = select(RenderJob.id, RenderJob.claimed_at, RenderJob.ended_at).where(
        RenderJob.state == JobState.DONE, RenderJob.ended_at > since_at, RenderJob.claimed_at.is_not(None)
    )
    return [
        Lasting(id_, (ended - claimed).total_seconds()) for id_, claimed, ended in s.execute(asked) if claimed and ended
    ]


def press_to_sound(s: Session, *, since_at: datetime) -> Iterable[Lasting]:
    """Orders of people that began since then: from the order to the first sample at each node."""
    asked = (
        select(Delivery.broadcast_id, Delivery.node_id, Broadcast.created_at, Delivery.started_at)
        .join(Broadcast, Broadcast.id == Delivery.broadcast_id)
        .where(Broadcast.live, Broadcast.start_at > since_at, Delivery.started_at.is_not(None))
    )
    return [
        Lasting(f"{broadcast} {node}", max((started - ordered).total_seconds(), 0.0))
        for broadcast, node, ordered, started in s.execute(asked)
        if started is not None
    ]
