"""An emergency that sounds again and again: every repetition is a broadcast of its own, all written down at the order.

So a node that loses its link, or a station that dies, takes no repetition away; whoever ends the row ends all of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, inspect, or_, select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.protocol.agenda import MOST_REPEATS
from broadcaster.protocol.repetition import next_id
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.announcements.planned_broadcasts import cancel_one, take_off
from broadcaster.station.broadcasts.outcomes import HEARD
from broadcaster.station.rows import changes
from broadcaster.station.schema import Broadcast, BroadcastPart, Delivery, Person, new_id
from broadcaster.station.vocabulary.lifecycles import BROADCAST, can_move
from broadcaster.station.vocabulary.states import BroadcastState

SILENCE = timedelta(seconds=30)
"""Between the end of one repetition and the next at least: room for the stagger of nodes, and for shouting back."""


def first_id() -> str:
    """An id for the first of a row; those that follow count up from it."""
    return f"{new_id()[:26]}-1"


def check(*, every: timedelta, lasting: timedelta, sounding: timedelta) -> int:
    """How often it sounds in all. Raises Invalid for a row that cannot be."""
    if every < sounding + SILENCE:
        least = -(-(sounding + SILENCE) // timedelta(minutes=1))
        raise Invalid("repeat.too_close", field="every_minutes", least=least)
    count = lasting // every
    if count < 2:
        raise Invalid("repeat.too_short", field="for_minutes")
    if count > MOST_REPEATS:
        raise Invalid("repeat.too_many", field="for_minutes", most=MOST_REPEATS)
    return count


def repeat(s: Session, first: Broadcast, *, every: timedelta, count: int, now_at: datetime) -> None:
    """Write down the repetitions of a broadcast just frozen with an id of ``first_id``.

    Each, the first too, is over when the next is due: a node that comes back says the newest, not all it missed.
    """
    first.expires_at = first.start_at + every
    first.position = 1
    s.flush()
    same = {column.key: getattr(first, column.key) for column in inspect(Broadcast).column_attrs}
    rows = [
        same
        | {
            "id": next_id(first.id, further),
            "position": 1 + further,
            "start_at": first.start_at + every * further,
            "expires_at": first.expires_at + every * further,
            "live": False,
            "requested_key": None,
            "repeat_of_id": first.id,
        }
        for further in range(1, count)
    ]
    s.execute(insert(Broadcast), rows)
    ids = [row["id"] for row in rows]
    parts = [{"position": each.position, "sha256": each.sha256, "language": each.language} for each in first.parts]
    s.execute(insert(BroadcastPart), [{"broadcast_id": each, **part} for each in ids for part in parts])
    way = {"state": DeliveryState.PLANNED, "updated_at": now_at}
    nodes = [{"node_id": delivery.node_id, "languages": delivery.languages, **way} for delivery in first.deliveries]
    s.execute(insert(Delivery), [{"broadcast_id": each, **node} for each in ids for node in nodes])
    changes.bump(s, "agendas")


def row_of(s: Session, broadcast: Broadcast) -> list[Broadcast]:
    """Every repetition it belongs to, in order; itself alone when it sounds once."""
    root = broadcast.repeat_of_id or broadcast.id
    chosen = select(Broadcast).where(or_(Broadcast.id == root, Broadcast.repeat_of_id == root))
    return list(s.scalars(chosen.order_by(Broadcast.position, Broadcast.start_at)).unique())


def awaited() -> ColumnElement[bool]:
    """Those repetitions that did not sound yet: the story of the alarm tells them, lists do not."""
    return Broadcast.repeat_of_id.is_not(None) & (Broadcast.state == BroadcastState.SCHEDULED)


def unheard_rounds() -> ColumnElement[bool]:
    """Those repetitions that came to their time, or were ended before it, and that nobody heard anything of."""
    heard = Broadcast.deliveries.any(or_(Delivery.played_ms > 0, Delivery.state.in_(HEARD)))
    over = Broadcast.state.in_([BroadcastState.CANCELLED, BroadcastState.MISSED])
    return Broadcast.repeat_of_id.is_not(None) & over & ~heard


def unheard_counts(s: Session, ids: Sequence[str]) -> dict[str, int]:
    """How many rounds of each alarm nobody heard, by the id of its first sounding; 0 is left out."""
    counted = select(Broadcast.repeat_of_id, func.count()).where(Broadcast.repeat_of_id.in_(ids), unheard_rounds())
    return {root: count for root, count in s.execute(counted.group_by(Broadcast.repeat_of_id)) if root is not None}


def lock(s: Session, broadcast: Broadcast) -> list[Broadcast]:
    """It and all its repetitions as they are now, locked in the order in which everybody locks broadcasts."""
    root = broadcast.repeat_of_id or broadcast.id
    chosen = select(Broadcast).where(or_(Broadcast.id == root, Broadcast.repeat_of_id == root)).order_by(Broadcast.id)
    locked = chosen.with_for_update(of=Broadcast).execution_options(populate_existing=True)
    return list(s.scalars(locked).unique())


def end(s: Session, broadcast: Broadcast, *, by: Person | None, now_at: datetime) -> bool:
    """Take it and every repetition still to come off the air; False when all of it was over."""
    rounds = sorted(lock(s, broadcast), key=lambda each: each.start_at)
    open_still = [each for each in rounds if can_move(BROADCAST, each.state, BroadcastState.CANCELLED)]
    if not open_still:
        return False
    cancel_one(s, open_still[0], by=by, now_at=now_at)
    for each in open_still[1:]:
        take_off(each, now_at=now_at)
    return True
