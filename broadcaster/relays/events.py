"""What the process that pulls a stream says, as the station hears it."""

from dataclasses import dataclass

from broadcaster.refusals.reasons import Reason


@dataclass(frozen=True, slots=True)
class StreamFound:
    """container, codec: of the sound that follows, as FFmpeg names them; said again when it changes."""

    container: str
    codec: str


@dataclass(frozen=True, slots=True)
class Heard:
    """pcm: mono, 16 bits, at the clip's rate."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Nothing:
    """For a moment nothing came."""


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing will come any more; reason: why."""

    reason: Reason


Event = StreamFound | Heard | Nothing | Over
