"""The alarms that are on now, as residents are told: from their first sound to an all-clear, a correction or their end.

An alarm is told from the moment it was to sound, heard or not: a hamlet whose node is cut off needs it most. No
exercise is ever told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.emergencies import stories
from broadcaster.station.emergencies.stories import Story
from broadcaster.station.records.residents import public, with_all_below
from broadcaster.station.schema import Broadcast, Delivery, Node, Unit


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that is not over.

    broadcast: its latest sounding, with the words that were approved.
    since_at: when it first sounded.
    every_minutes: how often it sounds again; None for once.
    heard_id: its latest sounding that somebody heard, to be listened to again; None before a node confirmed one.
    """

    broadcast: Broadcast
    since_at: datetime
    every_minutes: int | None
    heard_id: str | None


def on_now(s: Session, unit: Unit | None, *, now_at: datetime) -> list[Alarm]:
    """The alarms of a unit, or of the whole commune, the newest first."""
    running = [each for each in stories.unanswered(s, now_at=now_at) if _is_on(each, now_at)]
    if unit is not None and running:
        nodes = select(Node.id).where(Node.unit_id.in_(with_all_below(s, unit)))
        rounds = [one.id for each in running for one in each.rounds]
        of_them = Delivery.broadcast_id.in_(rounds), Delivery.node_id.in_(nodes)
        meant = set(s.scalars(select(Delivery.broadcast_id).where(*of_them)))
        running = [each for each in running if any(one.id in meant for one in each.rounds)]
    return [_alarm(s, each, now_at) for each in running]


def _is_on(story: Story, now_at: datetime) -> bool:
    started = story.rounds[0].start_at <= now_at < story.until_at
    return started and story.ended_at is None and not story.order.drill


def _alarm(s: Session, story: Story, now_at: datetime) -> Alarm:
    latest = max((each for each in story.rounds if each.start_at <= now_at), key=lambda each: each.start_at)
    heard = select(Broadcast.id).where(Broadcast.id.in_([each.id for each in story.rounds]), *public(s, None))
    return Alarm(
        broadcast=latest,
        since_at=story.rounds[0].start_at,
        every_minutes=story.order.every_minutes,
        heard_id=s.scalar(heard.order_by(Broadcast.start_at.desc()).limit(1)),
    )
