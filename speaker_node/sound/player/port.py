"""The port every player implements; one contract suite runs over all of them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from speaker_node.events import PlayResult
from speaker_node.sound.player.decoder import PartStream

ENDING_SECONDS = 0.4
"""How long before its last sample a play announces that it is ending."""


class Volume:
    """A knob that may be turned while a clip sounds; the player looks at it for every block.

    percent: amplitude, 100 is the clip as it is.
    """

    def __init__(self, percent: int = 100) -> None:
        self.percent = percent


class SampleSource(Protocol):
    """Samples of one play in order, mono, 16 bit."""

    @property
    def rate(self) -> int:
        """Frames a second."""

    @property
    def frames(self) -> int:
        """Length of the whole, as far as it is known; far off while it is not."""

    def read(self, frames: int) -> bytes:
        """About so many frames; empty only at the end."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class PlayOrder:
    """One play.

    broadcast: id of what is played.
    parts: clip files, one after the other without a gap.
    start_seconds: monotonic clock at which the first sample shall leave; the past means at once.
    volume: how loud, also from the middle of the play on.
    latest_seconds: monotonic clock after which it must not begin any more: a machine may stand still for a while.
    live: makes what sounds in place of the parts alone.
    skip_seconds: of the parts, what is left out at their beginning.
    """

    broadcast: str
    parts: tuple[Path, ...]
    start_seconds: float
    volume: Volume = field(default_factory=Volume)
    latest_seconds: float = float("inf")
    live: Callable[[], SampleSource] | None = None
    skip_seconds: float = 0.0

    def opened(self) -> SampleSource:
        """What sounds. Raises SoundFault when it cannot be decoded."""
        return self.live() if self.live else PartStream(self.parts, skip_seconds=self.skip_seconds)


class Listener(Protocol):
    """Is told about a play, from the thread that plays."""

    def started(self, at_seconds: float) -> None:
        """The first sample left the device at this monotonic instant."""

    def ending(self) -> None:
        """The last sample leaves within ``ENDING_SECONDS``."""


class Player(Protocol):
    """One clip at a time, on time."""

    @property
    def name(self) -> str:
        """What sounds, for the status: ``alsa:default``, ``file``."""

    def try_out(self) -> None:
        """Open the device and close it again, in silence. Raises SoundFault when it does not open."""

    def play(self, order: PlayOrder, *, listener: Listener, stop: threading.Event) -> PlayResult:
        """Play to the end, or until ``stop`` is set; returns only after the last sample has left the device.

        Raises SoundFault when a part cannot be decoded or the device takes no sound.
        """
