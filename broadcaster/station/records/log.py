"""The broadcast log: what was to sound and what the nodes' receipts say of it, found again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, lazyload

from broadcaster.station.broadcasts.delivery_counts import BARE
from broadcaster.station.broadcasts.repetitions import unheard_rounds
from broadcaster.station.rows.text_search import having
from broadcaster.station.schema import Broadcast, Delivery, Node
from broadcaster.station.vocabulary.pages import Page, page_of
from broadcaster.station.vocabulary.states import BroadcastState

ORDERS = {
    "": (Broadcast.start_at.desc(),),
    "oldest": (Broadcast.start_at,),
    "title": (Broadcast.title, Broadcast.start_at.desc()),
    "longest": (Broadcast.duration_ms.desc(), Broadcast.start_at.desc()),
}
_LINE = (*BARE, lazyload(Delivery.node), lazyload(Node.unit))
"""A line says what stands in its own three rows; with what they lead to a year would be read twice over."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What is asked for.

    query: words in the title.
    state: of the broadcast; None for all but what is still to come, and but rounds of an alarm that nobody heard.
    node_id: only what this node was to play; empty for all.
    from_at, until_at: starts from here on, and before; None is open.
    order: one of ORDERS; anything else is the latest first.
    """

    query: str = ""
    state: BroadcastState | None = None
    node_id: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None
    order: str = ""


def page(s: Session, asked: LogFilter, *, number: int, size: int) -> Page[Broadcast]:
    """The broadcasts without their deliveries."""
    chosen = select(Broadcast).where(*_conditions(asked)).options(*BARE)
    ordered = chosen.order_by(*ORDERS.get(asked.order, ORDERS[""]), Broadcast.id)
    return page_of(s, ordered, page=number, size=size)


def lines(s: Session, asked: LogFilter) -> Iterator[tuple[Broadcast, Delivery, Node]]:
    """Every node of every broadcast, latest start first; read from the database bit by bit."""
    chosen = select(Broadcast, Delivery, Node).join(Delivery, Delivery.broadcast_id == Broadcast.id)
    chosen = chosen.join(Node, Node.id == Delivery.node_id).where(*_conditions(asked)).options(*_LINE)
    if asked.node_id:
        chosen = chosen.where(Delivery.node_id == asked.node_id)
    found = s.execute(chosen.order_by(Broadcast.start_at.desc(), Node.name)).yield_per(200)
    return ((broadcast, delivery, node) for broadcast, delivery, node in found)


def nodes(s: Session) -> Sequence[Node]:
    """Every node there ever was, by name: what was revoked still stands in the log."""
    return s.scalars(select(Node).order_by(Node.name)).all()


def _conditions(asked: LogFilter) -> Iterator[ColumnElement[bool]]:
    yield from having(asked.query, Broadcast.title)
    # What is still to come is in the timetable; here only if asked for.
    yield Broadcast.state == asked.state if asked.state else Broadcast.state != BroadcastState.SCHEDULED
    if asked.state is None:
        yield ~unheard_rounds()
    if asked.node_id:
        yield Broadcast.deliveries.any(Delivery.node_id == asked.node_id)
    if asked.from_at:
        yield Broadcast.start_at >= asked.from_at
    if asked.until_at:
        yield Broadcast.start_at < asked.until_at
