"""A message as it came in: topic and payload must tell the same story."""

from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import Message, decode
from broadcaster.protocol.errors import Malformed, WronglyAddressed
from broadcaster.protocol.gauges.readings import Readings
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks, Receipts
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.wants import Wants

LEAVES: dict[str, type[Message]] = {
    "status": NodeStatus,
    "receipts": Receipts,
    "acks": Acks,
    "wants": Wants,
    "clock": ClockQuestion,
    "clock/reply": ClockReply,
}
"""The class of message each leaf of ``nodes/{node}/`` carries in the clear; ``agenda`` is signed."""


NodeMessage = NodeStatus | Receipts | Acks | Wants | ClockQuestion | ClockReply


def read(topic: str, payload: bytes, *, station: str) -> NodeMessage:
    """The message that arrived on ``topic``.

    Raises Malformed, Oversized, UnsupportedVersion, or WronglyAddressed when the topic is another station's or the
    message speaks for a node other than the topic's.
    """
    where = topics.parse(topic)
    if not isinstance(where, topics.NodeTopic) or where.leaf not in LEAVES:
        raise Malformed(f"topic carries no such message: {topic}", field="topic")
    if where.station != station:
        raise WronglyAddressed(f"topic of station {where.station}", field="topic")
    message = decode(LEAVES[where.leaf], payload)
    if message.node != where.node:  # type: ignore[attr-defined]  # every class in LEAVES has it; a test says so
        raise WronglyAddressed(f"message for another node on the topic of {where.node}", field="node")
    return message  # type: ignore[return-value]


def read_sensor(topic: str, payload: bytes, *, station: str) -> tuple[str, Readings]:
    """Who says it, and what. A gauge speaks for itself alone; whether a node reads this gauge the station knows.

    Raises as ``read``.
    """
    where = topics.parse(topic)
    if not isinstance(where, topics.SensorTopic):
        raise Malformed(f"topic carries no readings: {topic}", field="topic")
    if where.station != station:
        raise WronglyAddressed(f"topic of station {where.station}", field="topic")
    readings = decode(Readings, payload)
    if "_" in where.sender and readings.gauge != where.sender:
        raise WronglyAddressed(f"readings of another gauge on the topic of {where.sender}", field="gauge")
    return where.sender, readings
