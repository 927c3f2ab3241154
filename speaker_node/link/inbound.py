"""From what the broker delivers to events; what is not in the language is refused with its named error."""

from broadcaster.protocol.clock import ClockReply
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.live.packets import LIMIT_BYTES as LIVE_LIMIT_BYTES
from broadcaster.protocol.mqtt import inbox, topics
from broadcaster.protocol.receipts import Acks
from broadcaster.protocol.signing import LIMIT_BYTES
from speaker_node.events import (
    AcksArrived,
    AgendaArrived,
    ChunkArrived,
    ClockAnswered,
    Event,
    LiveArrived,
    MessageRefused,
    ReadingsArrived,
)

CHUNK_LIMIT_BYTES = 262_144


def event_from(topic: str, payload: bytes, *, station: str, arrived_seconds: float) -> Event | None:
    """The event in a message; None for an emptied topic and for what only a station reads."""
    try:
        return _event(topic, payload, station, arrived_seconds) if payload else None
    except ProtocolError as error:
        return MessageRefused(topic, f"{type(error).__name__}: {error}")


def _event(topic: str, payload: bytes, station: str, arrived_seconds: float) -> Event | None:
    where = topics.parse(topic)
    if isinstance(where, topics.ChunkTopic):
        return ChunkArrived(where.sha256, where.index, payload[: CHUNK_LIMIT_BYTES + 1])
    if isinstance(where, topics.LiveTopic):
        return LiveArrived(where.session, where.seq, payload[: LIVE_LIMIT_BYTES + 1], arrived_seconds)
    if isinstance(where, topics.SensorTopic):
        _, message = inbox.read_sensor(topic, payload, station=station)
        return ReadingsArrived(message.gauge, message.readings)
    if where.leaf == "agenda":
        return AgendaArrived(payload[: LIMIT_BYTES + 1])
    said = inbox.read(topic, payload, station=station)
    if isinstance(said, Acks):
        return AcksArrived(said.receipts)
    if isinstance(said, ClockReply):
        return ClockAnswered(said, arrived_seconds)
    return None
