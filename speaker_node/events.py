"""What happened: facts that threads post and the agent's one loop takes in order."""

from dataclasses import dataclass

from broadcaster.protocol.clock import ClockReply
from broadcaster.protocol.gauges.readings import Reading
from speaker_node.errors import NO_REASON, NodeReason


@dataclass(frozen=True, slots=True)
class LinkUp:
    """connection: number of the connection that stands now."""

    connection: int


@dataclass(frozen=True, slots=True)
class LinkDown:
    """connection: number of the connection that ended or failed; reason: in the library's words."""

    connection: int
    reason: str


@dataclass(frozen=True, slots=True)
class AgendaArrived:
    """token: the signed agenda as it came, not yet verified; by_hand: it came on a stick, so nobody orders it now."""

    token: bytes
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class ChunkArrived:
    """sha256, index: which chunk, by its topic; payload: raw bytes."""

    sha256: str
    index: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class LiveArrived:
    """session, seq: which packet, by its topic; payload: as it came; arrived_seconds: monotonic clock then."""

    session: str
    seq: int
    payload: bytes
    arrived_seconds: float


@dataclass(frozen=True, slots=True)
class ReadingsArrived:
    """gauge: which; readings: what it said, by whoever brings its readings to the broker."""

    gauge: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class ProbeAnswered:
    """number: of the probe the broker has answered, or of another request nobody waits for."""

    number: int


@dataclass(frozen=True, slots=True)
class AcksArrived:
    """receipts: ids the station has stored."""

    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockAnswered:
    """reply: the station's answer; arrived_seconds: monotonic clock when it came in."""

    reply: ClockReply
    arrived_seconds: float


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """topic: where it came from; reason: the named error."""

    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlayResult:
    """How a play ended.

    played_ms: sound of the clip that left the device.
    ended_seconds: monotonic clock when the last sample left.
    whole: True when nothing was cut off.
    underruns: how often the device ran dry.
    """

    played_ms: int
    ended_seconds: float
    whole: bool
    underruns: int = 0


@dataclass(frozen=True, slots=True)
class SoundStarted:
    """broadcast: which; at_seconds: monotonic clock at its first sample."""

    broadcast: str
    at_seconds: float


@dataclass(frozen=True, slots=True)
class SoundEnding:
    """broadcast: the one whose last samples are about to leave."""

    broadcast: str


@dataclass(frozen=True, slots=True)
class SoundEnded:
    """broadcast: which; result: how it ended; fault: why the device or the decoder gave up, or none."""

    broadcast: str
    result: PlayResult
    fault: NodeReason = NO_REASON


@dataclass(frozen=True, slots=True)
class SoundHeard:
    """What the microphone heard of a clip.

    broadcast: what sounded.
    heard: the clip; False is a silent horn; None is "hard to say".
    likeness_percent: of what was heard to the clip.
    """

    broadcast: str
    heard: bool | None
    likeness_percent: int


@dataclass(frozen=True, slots=True)
class StickAsks:
    """A stick is in and wants to know: ``receipts`` what it shall carry away, otherwise which chunks are missing."""

    receipts: bool


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The program shall end."""


Event = (
    LinkUp
    | LinkDown
    | AgendaArrived
    | ChunkArrived
    | LiveArrived
    | ReadingsArrived
    | ProbeAnswered
    | AcksArrived
    | ClockAnswered
    | MessageRefused
    | SoundStarted
    | SoundEnding
    | SoundEnded
    | SoundHeard
    | StickAsks
    | StopAsked
)
