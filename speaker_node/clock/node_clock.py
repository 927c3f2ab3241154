"""The node's time and how far it may be trusted: synced, holdover or unsynced.

While synced, the wall clock is believed. In holdover the time runs on from the last belief by the monotonic clock, so
that a step of the wall clock moves nothing. Unsynced, the time is only a guess and nothing is played by it.

A time the kernel vouched for is believed over the date of the agenda in force: then it is the station's clock that runs
ahead. Any other that lies behind that date is not believed while that agenda is in force.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.values import ClockState
from speaker_node.clock import kernel_time
from speaker_node.clock.exchange import Exchange
from speaker_node.clock.kernel_time import KernelTime
from speaker_node.clock.reading import TimeReading
from speaker_node.errors import StorageFault
from speaker_node.memory.durable_files import write_durably

DRIFT_PER_SECOND = 50e-6
"""How fast an uncorrected board clock goes wrong."""
HOLDOVER_SECONDS = 7 * 86_400.0
REMEMBER_SECONDS = 1800.0
FLOOR_SLACK_SECONDS = 600.0
"""How far the clocks of station and node may differ before one of them must be wrong."""
EXCHANGE_VALID_SECONDS = 3 * 3600.0
FAR_SECONDS = 7_000_000_000
"""The year 2191. No clock of ours shows more."""


SANE_SECONDS = 1_760_000_000
"""October 2025. A system clock that is trusted by a setting vouches for nothing earlier: its battery is dead."""


class ClockBelief(msgspec.Struct, frozen=True):
    """What survives a restart.

    boot: boot id in which it was written.
    monotonic: of that boot, when the time was last believed.
    wall: seconds since 1970 at that moment.
    error_seconds: as estimated then.
    source: ``kernel`` when NTP held its clock at that moment, or a setting says that the clock is right; ``station``
        for the station's answers; ``battery`` for a clock that ran on while the board was off.
    """

    boot: str
    monotonic: Annotated[float, Meta(ge=0, le=FAR_SECONDS)]
    wall: Annotated[float, Meta(ge=0, le=FAR_SECONDS)]
    error_seconds: Annotated[float, Meta(ge=0, le=FAR_SECONDS)]
    source: Literal["kernel", "station", "battery"] = "battery"


@dataclass(frozen=True, slots=True)
class TimeSources:
    """Where time comes from; tests put their own in.

    wall: seconds since 1970 by the system.
    monotonic: seconds that never step.
    kernel: its word on its own clock.
    boot: id of this boot.
    battery: a battery-backed clock set the time at boot.
    """

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    kernel: Callable[[], KernelTime] = kernel_time.look
    boot: Callable[[], str] = kernel_time.boot_id
    battery: Callable[[], bool] = kernel_time.has_battery_clock


class NodeClock:
    """The real one."""

    def __init__(
        self,
        node: str,
        *,
        memory: Path,
        trust_system: bool = False,
        sources: TimeSources = TimeSources(),
    ) -> None:
        """``trust_system`` believes the wall clock without the kernel's word: for a node beside its station."""
        self._exchange = Exchange(node)
        self._path = memory
        self._trust_system = trust_system
        self._sources = sources
        self._saved_seconds = float("-inf")
        self._signed_seconds = float("-inf")
        self._ahead_seconds: int | None = None
        self._belief = self._remembered()

    def read(self) -> TimeReading:
        """See :class:`Clock`."""
        monotonic, wall = self._sources.monotonic(), self._sources.wall()
        fresh = self._fresh(monotonic, wall)
        if fresh:
            self._belief = fresh
            self._remember(monotonic)
        belief = self._belief
        if belief is None:
            return TimeReading(_instant(wall), monotonic, ClockState.UNSYNCED)
        age = monotonic - belief.monotonic
        error_ms = min(86_400_000, round(1000 * (belief.error_seconds + age * DRIFT_PER_SECOND)))
        state = ClockState.SYNCED if fresh else ClockState.HOLDOVER
        if age > HOLDOVER_SECONDS or not self._is_plausible(belief, belief.wall + age):
            return TimeReading(_instant(belief.wall + age), monotonic, ClockState.UNSYNCED)
        return TimeReading(_instant(belief.wall + age), monotonic, state, error_ms, self._ahead_of(belief.wall + age))

    def not_before(self, instant: datetime) -> None:
        """See :class:`Clock`."""
        if instant.timestamp() < self._signed_seconds - FLOOR_SLACK_SECONDS:
            self._station_went_back()
        self._signed_seconds, self._ahead_seconds = instant.timestamp(), None

    def link_up(self) -> None:
        """See :class:`Clock`."""
        self._exchange.link_up(self._sources.monotonic())

    def question(self) -> ClockQuestion | None:
        """See :class:`Clock`. Nothing is asked while the kernel is content."""
        if self._trust_system or self._sources.kernel().synced:
            return None
        return self._exchange.question(self._sources.monotonic())

    def answered(self, reply: ClockReply, arrived_seconds: float) -> None:
        """See :class:`Clock`."""
        self._exchange.answered(reply, arrived_seconds)

    def _station_went_back(self) -> None:
        """It has mended its clock: what it answered before is worth nothing."""
        self._exchange.ask_anew(self._sources.monotonic())
        if self._belief and self._belief.source == "station":
            self._belief = None

    def _is_plausible(self, belief: ClockBelief, seconds: float) -> bool:
        return belief.source == "kernel" or seconds >= self._signed_seconds - FLOOR_SLACK_SECONDS

    def _ahead_of(self, seconds: float) -> int:
        """Looked at once for each agenda: later the difference would only shrink while nothing has changed."""
        if self._ahead_seconds is None:
            ahead = self._signed_seconds - seconds
            self._ahead_seconds = round(ahead) if ahead > FLOOR_SLACK_SECONDS else 0
        return self._ahead_seconds

    def _fresh(self, monotonic: float, wall: float) -> ClockBelief | None:
        """What may be believed this very moment: the system's clock, else the station's answers."""
        boot = self._sources.boot()
        if self._trust_system:
            return ClockBelief(
                boot, monotonic, max(0.0, wall), 0.0, source="kernel" if wall > SANE_SECONDS else "battery"
            )
        kernel = self._sources.kernel()
        if kernel.synced:
            return ClockBelief(boot, monotonic, wall, kernel.error_seconds, source="kernel")
        estimate = self._exchange.estimate(monotonic)
        if estimate and monotonic - estimate.at_seconds < EXCHANGE_VALID_SECONDS:
            seconds = monotonic + estimate.offset_seconds
            return ClockBelief(boot, monotonic, seconds, estimate.trip_seconds / 2, source="station")
        return None

    def _remember(self, monotonic: float) -> None:
        if self._belief and monotonic - self._saved_seconds > REMEMBER_SECONDS:
            self._saved_seconds = monotonic
            try:
                write_durably(self._path, msgspec.json.encode(self._belief))
            except StorageFault:
                return  # only a restart without link would miss it; the ledger reports the card's fault

    def _remembered(self) -> ClockBelief | None:
        """The belief of an earlier run, if time has run on reliably since."""
        try:
            memory = msgspec.json.decode(self._path.read_bytes(), type=ClockBelief)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        monotonic, wall = self._sources.monotonic(), self._sources.wall()
        if memory.boot == self._sources.boot() and memory.monotonic <= monotonic:
            return memory
        off = wall - memory.wall
        if self._sources.battery() and 0 <= off < HOLDOVER_SECONDS:
            return ClockBelief(
                self._sources.boot(), monotonic, wall, memory.error_seconds + 1.0 + off * DRIFT_PER_SECOND
            )
        return None


def _instant(seconds: float) -> datetime:
    """Aware UTC; a time no calendar holds becomes its beginning."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
