"""What is known of one broadcast: as the station has it, as it sounded, as nodes stated it, as ledgers have it."""

from dataclasses import dataclass, field

from broadcaster.protocol.values import BroadcastClass


@dataclass(frozen=True, slots=True)
class Ordered:
    """A broadcast as the station has it; instants as seconds since 1970, ``cancelled`` None when it was not.

    nodes: where it was to sound.
    spoken: somebody spoke it live: its sound is no clip, and a node that was cut off from it joins again.
    """

    id: str
    kind: BroadcastClass
    live: bool
    created: float
    start: float
    expires: float
    seconds: float
    state: str
    cancelled: float | None
    nodes: frozenset[str]
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """One recording.

    begun: wall clock of its first sample; seconds: how long it is.
    whole: nothing is missing at the end.
    true: every sample is the clip's.
    """

    node: str
    broadcast: str
    begun: float
    seconds: float
    whole: bool
    true: bool

    @property
    def ended(self) -> float:
        return self.begun + self.seconds


@dataclass(frozen=True, slots=True)
class Stated:
    """One receipt as the station stored it; ``at`` by the node's clock, ``received`` by the station's."""

    node: str
    broadcast: str
    state: str
    at: float
    received: float
    sequence: int
    played_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry of a node's ledger: where the broadcast stands there."""

    node: str
    broadcast: str
    state: str


@dataclass
class Remembered:
    """What the station knew before it was turned back to a copy: without it nobody could say what was ordered."""

    ordered: dict[str, Ordered] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=dict)
    stated: dict[tuple[str, str, int, str], Stated] = field(default_factory=dict)
