"""What programs send and are answered about broadcasts."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.vocabulary.states import Origin
from web.api.bodies import Answer, Instant, Request


class Delivery(Answer, frozen=True, kw_only=True):
    """One broadcast's way to one node.

    status: planned, stored, playing, played, interrupted, failed, missed, expired or cancelled.
    error: why it was not played whole; null when all is well.
    error_code: the same, as every language names it.
    shown: whether its words stood on a screen at the node.
    heard: whether the node's microphone heard it; null without one, or when that is not known.
    languages: codes of what this node plays, in order.
    """

    node: str
    name: str
    status: str
    languages: list[str]
    started_at: datetime | None
    ended_at: datetime | None
    played_seconds: float
    error: str | None
    error_code: str | None
    heard: bool | None
    shown: bool


class Broadcast(Answer, frozen=True, kw_only=True):
    """One broadcast. status: scheduled, on_air, completed, partial, missed or cancelled.

    origin, document_number: whose announcement it is.
    board_text: what boards and screens show; empty takes the title.
    repeat_of: id of the first sounding, when this is a repetition of an alarm.
    steps: what the caller may do with it now: cancel, again.
    """

    id: str
    announcement: str | None
    title: str
    status: str
    broadcast_class: BroadcastClass = msgspec.field(name="class")
    live: bool
    drill: bool
    start_at: datetime
    expires_at: datetime
    duration_seconds: float
    engine: str
    script: str
    origin: Origin
    document_number: str | None
    board_text: str
    repeat_of: str | None
    deliveries: list[Delivery]
    steps: list[str]


class Broadcasts(Answer, frozen=True, kw_only=True):
    """One page of broadcasts, newest first."""

    items: list[Broadcast]
    page: int
    pages: int
    total: int


class NewBroadcast(Request, frozen=True, kw_only=True):
    """An order to broadcast an approved announcement. An emergency needs two people: /emergency-orders.

    start_at: null for now.
    key: the caller's own id of this order; the same key never makes a second broadcast.
    """

    announcement: str
    start_at: Instant | None = None
    key: Annotated[str, Meta(min_length=1, max_length=120)] | None = None
