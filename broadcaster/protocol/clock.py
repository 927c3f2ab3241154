"""Asking the station for the time, when NTP does not answer. Times are seconds since 1970 in UTC."""

from typing import Annotated

from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.values import ClockState, NodeId

Question = Annotated[str, Meta(min_length=1, max_length=40)]


class ClockQuestion(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What time is it?

    node: who asks.
    question: id that the reply repeats.
    asked_seconds: the node's monotonic clock when it asked.
    """

    node: NodeId
    question: Question
    asked_seconds: float


class ClockReply(Message, frozen=True, kw_only=True, omit_defaults=True):
    """It was this.

    node: who asked.
    question: id of the question.
    asked_seconds: repeated from the question.
    received_seconds: the station's clock when the question arrived.
    replied_seconds: the station's clock when this reply left.
    clock: how far the station trusts its own clock; what an unsynced one says is not believed.
    """

    node: NodeId
    question: Question
    asked_seconds: float
    received_seconds: float
    replied_seconds: float
    clock: ClockState = ClockState.SYNCED
