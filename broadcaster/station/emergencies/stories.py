"""An emergency as one story: when it sounded, where it was heard how often, whether it goes on, and how it is ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.broadcasts import repetitions as repeating
from broadcaster.station.broadcasts.freezing import STANDARD, Timing
from broadcaster.station.emergencies import orders as emergency_orders
from broadcaster.station.emergencies import phrasebook, ready_texts
from broadcaster.station.emergencies.alarm_steps import AlarmStep, require_step
from broadcaster.station.emergencies.order_records import note
from broadcaster.station.rows import changes
from broadcaster.station.schema import Announcement, Broadcast, EmergencyOrder, Node, Person
from broadcaster.station.vocabulary.states import BroadcastState

_OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)
LOOK_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hearing:
    """One node in the story. heard: how often it sounded whole; last_at: when it last began so, None for never."""

    node: Node
    heard: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Story:
    """order: what was ordered; rounds: every sounding, planned or past; ended_at: when the rest was called off."""

    order: EmergencyOrder
    rounds: Sequence[Broadcast]

    @property
    def going_on(self) -> bool:
        """Whether something of it may still sound."""
        return any(each.state in _OPEN for each in self.rounds)

    @property
    def sounded(self) -> bool:
        """Whether anything of it was heard or still may be."""
        return any(each.state is not BroadcastState.CANCELLED for each in self.rounds)

    @property
    def ended_at(self) -> datetime | None:
        """When the rest was called off; None while it goes on, or when it ran to its end."""
        return max((each.cancelled_at for each in self.rounds if each.cancelled_at), default=None)

    @property
    def until_at(self) -> datetime:
        """When it is over if nobody ends it."""
        return self.rounds[-1].expires_at

    def next_at(self, now_at: datetime) -> datetime | None:
        """When it sounds next."""
        coming = (each.start_at for each in self.rounds if each.state in _OPEN and each.start_at > now_at)
        return min(coming, default=None)

    def hearings(self) -> list[Hearing]:
        """Every node it was meant for, by name."""
        found: dict[str, Hearing] = {}
        for delivery in (delivery for each in self.rounds for delivery in each.deliveries):
            before = found.get(delivery.node_id, Hearing(delivery.node, 0, None))
            if delivery.state is DeliveryState.PLAYED:
                before = Hearing(delivery.node, before.heard + 1, delivery.started_at or before.last_at)
            found[delivery.node_id] = before
        return sorted(found.values(), key=lambda each: each.node.name)


def story(s: Session, order: EmergencyOrder) -> Story:
    """Raises Conflict while the order has not sounded."""
    return Story(order, ready_texts.soundings(s, order))


def going_on(s: Session, *, now_at: datetime) -> list[Story]:
    """The repeated emergencies that are not over, the newest first."""
    chosen = select(EmergencyOrder).where(
        EmergencyOrder.every_minutes.is_not(None),
        EmergencyOrder.broadcast_id.is_not(None),
        EmergencyOrder.asked_at > now_at - LOOK_BACK,
    )
    stories = [story(s, each) for each in s.scalars(chosen.order_by(EmergencyOrder.asked_at.desc())).unique()]
    return [each for each in stories if each.going_on]


def unanswered(s: Session, *, now_at: datetime) -> list[Story]:
    """The alarms of the last day that nothing ended or corrected yet, the newest first."""
    asked = (EmergencyOrder.broadcast_id.is_not(None), EmergencyOrder.asked_at > now_at - LOOK_BACK)
    answered = set(s.scalars(select(EmergencyOrder.follows_id).where(*asked, EmergencyOrder.follows_id.is_not(None))))
    orders = s.scalars(select(EmergencyOrder).where(*asked).order_by(EmergencyOrder.asked_at.desc())).unique()
    stories = [story(s, each) for each in orders if each.announcement.phrase not in phrasebook.ANSWERS]
    return [each for each in stories if each.sounded and not answered & {one.id for one in each.rounds}]


def correction(s: Session, order: EmergencyOrder) -> Announcement | None:
    """The commune's ready text that says an alarm was a mistake, where this one was meant to sound."""
    return ready_texts.ready(s, order, phrasebook.CORRECTION)


def end(s: Session, *, order: EmergencyOrder, by: Person, now_at: datetime) -> Story:
    """Stop repeating it, without a word: silence is one person's right. Raises Conflict when it is over."""
    require_step(s, AlarmStep.END, order, by)
    found = story(s, order)
    if not repeating.end(s, found.rounds[0], by=by, now_at=now_at):
        raise Conflict("emergency.ended")
    note(s, order, "ended", by=by, now_at=now_at)
    changes.bump(s, "deliveries")
    return story(s, order)


def all_clear(
    s: Session,
    *,
    order: EmergencyOrder,
    by: Person,
    now_at: datetime,
    key: str | None = None,
    timing: Timing = STANDARD,
) -> EmergencyOrder:
    """Order the commune's own all-clear where this alarm sounded: one tap, and the second person's confirmation.

    The alarm goes on until it is confirmed. Raises Conflict when no all-clear is ready.
    """
    wanted = ready_texts.all_clear(s, order, key=key)
    return emergency_orders.ask(s, wanted, by=by, now_at=now_at, timing=timing)
