"""One look at the time, and the port of whatever can be looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.values import ClockState


@dataclass(frozen=True, slots=True)
class TimeReading:
    """One look at the time.

    now_at: best guess of the true time.
    monotonic: seconds at the same moment.
    state: how far ``now_at`` may be trusted.
    error_ms: own estimate of how wrong it may be; None when unsynced.
    station_ahead_seconds: how much later than the time then the agenda in force was signed; 0 while that is no more
        than clocks may differ by.
    """

    now_at: datetime
    monotonic: float
    state: ClockState
    error_ms: int | None = None
    station_ahead_seconds: int = 0

    @property
    def trusted(self) -> bool:
        """Things may be done by the clock."""
        return self.state is not ClockState.UNSYNCED

    def monotonic_of(self, instant: datetime) -> float:
        """The monotonic second of an instant."""
        return self.monotonic + (instant - self.now_at).total_seconds()

    def instant_of(self, monotonic: float) -> datetime:
        """The instant of a monotonic second."""
        return self.now_at + timedelta(seconds=monotonic - self.monotonic)


class Clock(Protocol):
    """The port; tests have one whose hands they move."""

    def read(self) -> TimeReading:
        """Look now."""

    def not_before(self, instant: datetime) -> None:
        """The agenda in force was signed at this instant, by the station's clock: one of us is wrong if that is yet to
        come. Another agenda in its place brings its own instant, earlier or later."""

    def link_up(self) -> None:
        """The station can be asked."""

    def question(self) -> ClockQuestion | None:
        """What to ask the station now, if anything; not to be called while a download fills the link."""

    def answered(self, reply: ClockReply, arrived_seconds: float) -> None:
        """Take the station's answer."""
