"""What stands in a simulated node in the place of a board: the machine's own clock, and a horn that only takes time."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.values import ClockState
from speaker_node.clock.reading import TimeReading
from speaker_node.errors import SoundFault
from speaker_node.events import Event, PlayResult, SoundEnded, SoundEnding, SoundStarted
from speaker_node.sound.player.decoder import PartStream
from speaker_node.sound.player.playout import Playout
from speaker_node.sound.player.port import ENDING_SECONDS, PlayOrder, SampleSource

LIVE_BLOCK_SECONDS = 0.2
At = Callable[[float, Callable[[], None]], None]
"""Calls something at an instant of the monotonic clock."""


class SystemClock:
    """The clock of this machine is the station's."""

    def read(self) -> TimeReading:
        """See :class:`Clock`."""
        return TimeReading(datetime.now(UTC), time.monotonic(), ClockState.SYNCED, 0)

    def not_before(self, instant: datetime) -> None:
        """See :class:`Clock`."""

    def link_up(self) -> None:
        """See :class:`Clock`."""

    def question(self) -> ClockQuestion | None:
        """See :class:`Clock`."""
        return None

    def answered(self, reply: ClockReply, arrived_seconds: float) -> None:
        """See :class:`Clock`."""


class SilentPlayout(Playout):
    """Plays without sound and without a thread: says what happens when it would."""

    def __init__(self, post: Callable[[Event], None], at: At) -> None:
        self._tell = post
        self._at = at
        self._playing: PlayOrder | None = None
        self._started_seconds = 0.0
        self._programme: SampleSource | None = None

    @property
    def name(self) -> str:
        """See :class:`Playout`."""
        return "file"

    def begin(self, order: PlayOrder) -> None:
        """See :class:`Playout`."""
        if order.live:
            self._begin_live(order, order.live)
            return
        try:
            length = _seconds(order.parts)
        except SoundFault as fault:
            self._tell(SoundEnded(order.broadcast, PlayResult(0, time.monotonic(), whole=False), fault.reason))
            return
        self._playing = order
        self._started_seconds = start = max(order.start_seconds, time.monotonic())
        self._at(start, lambda: self._say(order, SoundStarted(order.broadcast, start)))
        self._at(start + length - ENDING_SECONDS, lambda: self._say(order, SoundEnding(order.broadcast)))
        self._at(start + length, lambda: self._end(order, length, whole=True))

    def _begin_live(self, order: PlayOrder, live: Callable[[], SampleSource]) -> None:
        """Live sound is decoded as it comes, so that it counts what is heard and lost."""
        self._playing, self._programme = order, live()
        self._started_seconds = start = max(order.start_seconds, time.monotonic())
        self._at(start, lambda: self._say(order, SoundStarted(order.broadcast, start)))
        self._go_on(order, 0.0)

    def _go_on(self, order: PlayOrder, sounded: float) -> None:
        if self._playing is not order or self._programme is None:
            return
        block = self._programme.read(int(self._programme.rate * LIVE_BLOCK_SECONDS))
        if not block:
            self._end(order, sounded, whole=True)
            return
        sounded += len(block) / 2 / self._programme.rate
        self._at(self._started_seconds + sounded, lambda: self._go_on(order, sounded))

    def stop(self) -> None:
        """See :class:`Playout`."""
        if self._playing is not None:
            self._end(self._playing, max(0.0, time.monotonic() - self._started_seconds), whole=False)

    def wait(self, timeout_seconds: float) -> None:
        """See :class:`Playout`. Nothing goes on that could be waited for."""

    def _say(self, order: PlayOrder, event: Event) -> None:
        if self._playing is order:
            self._tell(event)

    def _end(self, order: PlayOrder, seconds: float, *, whole: bool) -> None:
        if self._playing is order:
            self._playing = None
            if self._programme:
                self._programme.__exit__(None, None, None)
                self._programme = None
            result = PlayResult(round(seconds * 1000), self._started_seconds + seconds, whole=whole)
            self._tell(SoundEnded(order.broadcast, result))


def _seconds(parts: Sequence[Path]) -> float:
    """How long these clips sound. A clip is named by its hash: of thousands of copies one is looked at."""
    return sum(_length(part.name, part) for part in parts)


def _length(name: str, part: Path) -> float:
    known = _LENGTHS.get(name)
    if known is None:
        with PartStream([part]) as stream:
            known = _LENGTHS[name] = stream.frames / stream.rate
    return known


_LENGTHS: dict[str, float] = {}
