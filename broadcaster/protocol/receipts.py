"""Proof of play: facts a node states, and the station's word that it has stored them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.values import (
    BroadcastId,
    ClockState,
    DeliveryState,
    DurationMs,
    Facts,
    Instant,
    NodeId,
    ReceiptId,
    ShortText,
)


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One fact about one broadcast on one node.

    receipt: id of this fact; stating it twice changes nothing.
    broadcast: what it is about.
    state: what happened; never PLANNED.
    at: when it happened: first sample for PLAYING, last sample for PLAYED.
    played_ms: sound that left the device so far; only for states that come after a play began.
    lost_ms: of live sound, what should have sounded and did not come in time; a fallback that filled it counts as lost.
    sequence: order of the facts of this node; rises by at least one.
    clock: how far ``at`` may be trusted.
    reason: why it was not played whole: a ``ReasonCode``, or one of a newer node; from older nodes a sentence.
    facts: what a sentence about the reason names.
    shown: a screen at the node showed its words, by then.
    heard: whether the node's microphone heard it; None without one, or while that is not known. When it becomes known
        after the end the fact is stated once more, with it.
    """

    receipt: ReceiptId
    broadcast: BroadcastId
    state: DeliveryState
    at: Instant
    sequence: Annotated[int, Meta(ge=0, le=2**53)]
    played_ms: DurationMs = 0
    lost_ms: DurationMs = 0
    clock: ClockState = ClockState.SYNCED
    reason: ShortText = ""
    facts: Facts = {}
    heard: bool | None = None
    shown: bool = False

    def __post_init__(self) -> None:
        if self.state is DeliveryState.PLANNED:
            raise ValueError("state planned is the station's, not a node's")


class Receipts(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A batch from the outbox. The node keeps every one until it is acknowledged.

    node: who states them.
    receipts: the facts, oldest first.
    """

    node: NodeId
    receipts: Annotated[tuple[Receipt, ...], Meta(min_length=1, max_length=100)]


class Acks(Message, frozen=True, kw_only=True, omit_defaults=True):
    """These receipts are in the station's database; the node may forget them.

    node: whose receipts.
    receipts: their ids.
    """

    node: NodeId
    receipts: Annotated[tuple[ReceiptId, ...], Meta(min_length=1, max_length=100)]
