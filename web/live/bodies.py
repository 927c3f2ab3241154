"""What programs send and get about live sessions."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class NewLiveSession:
    """zones: ids or names; title: for the log; broadcast_class; longest_minutes: None takes the commune's; key: the
    caller's own id, which never makes a second session."""

    zones: list[str]
    title: str = ""
    broadcast_class: str = "routine"
    longest_minutes: int | None = None
    key: str | None = None


@dataclass(frozen=True, kw_only=True)
class LiveListener:
    """One node: its state in this broadcast, seconds heard and lost, how late packets come, whether nothing comes."""

    node: str
    name: str
    online: bool
    status: str
    heard_seconds: float
    lost_seconds: float
    late_ms: int | None
    silent: bool
    refused: int


@dataclass(frozen=True, kw_only=True)
class LiveSession:
    """A session as its page and programs see it. ``speak_in_ms``: from this answer to the first word, 0 when that has
    come; ``delay_ms``: from the mouth's arrival here to every horn."""

    id: str
    kind: str
    state: str
    title: str
    speaker: str
    broadcast: str | None
    asked_at: datetime
    longest_seconds: float
    delay_ms: int
    speak_in_ms: int
    sound_seconds: float
    silent: bool
    end_reason: str
    recording: str | None
    listeners: list[LiveListener] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LiveSessions:
    """items: those that go on or wait, then the latest that are over."""

    items: list[LiveSession]


@dataclass(frozen=True, kw_only=True)
class LivePiece:
    """seq: its number from 0; at_ms: its place in the speaker's time; kind: ``opus`` (packets of 20 ms, each behind its
    length in two bytes), ``pcm`` (16 bit, mono) or ``slice`` (the next bytes of a WebM, Ogg or MP4 stream); rate: of
    PCM; body: the bytes in base64."""

    seq: int
    at_ms: int
    kind: str
    body: str
    rate: int = 48_000
