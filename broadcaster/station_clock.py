"""How far the station's own clock may be trusted, and the last instant at which it was right.

The kernel's word comes first. Without it a clock that jumped, against the machine's running time or against the last
instant kept in the database, is not vouched for. Running time is CLOCK_BOOTTIME: it goes on while the machine sleeps.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from broadcaster.errors import LoaError
from broadcaster.protocol import kernel_time
from broadcaster.protocol.kernel_time import KernelTime
from broadcaster.protocol.values import ClockState
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats

NAME = "clock"
"""Of the row among the signs of life that keeps the last instant vouched for."""
HINDRANCE = "clock_unvouched"
STEP_SECONDS = 60.0
"""Wall clock and running time that part by more than this: the clock was set."""
BEHIND = timedelta(hours=1)
AHEAD = timedelta(hours=25)
"""A start so far from the last instant known is a jump; machines are off for a night and a day."""
STEADY_SECONDS = 60.0
"""A trusted clock that was set while running is believed again after so long without another step."""
START_STEADY_SECONDS = 600.0
"""The same for a start far from the last instant: longer, for NTP and a person to come first."""
PROVEN_SECONDS = 7 * 86400.0
"""A clock that was believed after a jump only because nothing else happened is proven after so long."""
ASK_SECONDS = 2.0
"""How old the station's word on its clock may be before it is read again."""
STATED_SECONDS = 60.0
HEARD_SECONDS = 600.0
"""What a node said of the time counts for so long."""
HOLDOVER_SECONDS = 30 * 86400.0
"""How long a clock runs on after NTP fell silent; at 20 ppm it is then a minute off."""


def running_seconds() -> float:
    """Since the machine was started, sleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True, slots=True)
class Sources:
    """wall: the clock in doubt; running: seconds that nobody sets; kernel: its word; boot: changes with every boot."""

    wall: Callable[[], datetime]
    running: Callable[[], float] = running_seconds
    kernel: Callable[[], KernelTime] = kernel_time.look
    boot: Callable[[], str] = kernel_time.boot_id


@dataclass(frozen=True, slots=True)
class Known:
    """The last instant vouched for.

    at: the instant. boot: of the machine then, empty when unknown. running_seconds: since that boot.
    synced_seconds: running time when the kernel last vouched in that boot; None when it never did.
    proven: False after a jump that only patience forgave.
    """

    at: datetime
    boot: str = ""
    running_seconds: float = 0.0
    synced_seconds: float | None = None
    proven: bool = True


def last_known(s: Session) -> Known | None:
    """From the database; a station that never kept one goes by its newest sign of life. None for a new station."""
    beats = heartbeats.read(s)
    if NAME in beats:
        detail = beats[NAME].detail
        times = detail["boot"], detail["running_seconds"], detail["synced_seconds"]
        return Known(beats[NAME].at, *times, detail.get("proven", True))
    return Known(max(beat.at for beat in beats.values())) if beats else None


class StationClock:
    """``trust``: somebody answers for this machine's clock where the kernel does not. Safe from every thread."""

    def __init__(self, sources: Sources, *, trust: bool, known: Known | None = None) -> None:
        self._sources = sources
        self._trust = trust
        self._lock = threading.Lock()
        self._boot = sources.boot()
        self._synced_seconds: float | None = None
        self._doubted_since: float | None = None
        self._patience_seconds = STEADY_SECONDS
        self._anchor = sources.wall(), sources.running()
        self._right = self._anchor
        """Wall clock and running time when they were last vouched for."""
        self._least = self._anchor
        """It was at least so late at this running time, as far as anybody vouched."""
        self._heard: dict[str, tuple[float, float]] = {}
        self._unproven_since: float | None = None
        if known is not None:
            self._compare(known)

    @property
    def vouched(self) -> bool:
        """Whether what cannot be taken back may be done by this clock."""
        return self.state() is not ClockState.UNSYNCED

    def state(self) -> ClockState:
        """Now."""
        with self._lock:
            return self._judge()

    @property
    def proven(self) -> bool:
        """Whether more than patience after a jump vouches for it: enough to throw away what cannot be made again."""
        with self._lock:
            return self._judge() is not ClockState.UNSYNCED and self._unproven_since is None

    def now(self) -> datetime:
        """The best time known: the wall clock while it is vouched for.

        Else what nodes that are sure of the time say, or the last instant vouched for and the time that has run since:
        never later than it is, so that nothing ends or is renewed too early by it.
        """
        with self._lock:
            if self._judge() is not ClockState.UNSYNCED:
                return self._anchor[0]
            running = self._anchor[1]
            said = sorted(seconds for seconds, at in self._heard.values() if running - at <= HEARD_SECONDS)
            if said:
                return datetime.fromtimestamp(said[len(said) // 2] + running, UTC)
            return self._least[0] + timedelta(seconds=running - self._least[1])

    def hear(self, node: str, at: datetime) -> None:
        """A node whose own clock is synchronised says that it is ``at`` now."""
        with self._lock:
            running = self._sources.running()
            self._heard[node] = at.timestamp() - running, running

    def stated(self) -> dict[str, Any]:
        """For the other processes of this machine, see ``AskedClock``; plain JSON."""
        vouched, now_at = self.vouched, self.now()
        with self._lock:
            running = self._anchor[1]
        return {"vouched": vouched, "at": now_at.isoformat(), "boot": self._boot, "running_seconds": running}

    def keep(self, s: Session) -> None:
        """Write down this instant, when it is vouched for."""
        with self._lock:
            if self._judge() is ClockState.UNSYNCED:
                return
            at, running = self._right
            stated = {
                "boot": self._boot,
                "running_seconds": running,
                "synced_seconds": self._synced_seconds,
                "proven": self._unproven_since is None,
            }
        heartbeats.beat(s, NAME, at, stated)

    def _compare(self, known: Known) -> None:
        """A start: within one boot the running time tells to the second, across boots only roughly."""
        wall_at, running = self._anchor
        self._unproven_since = None if known.proven else running
        if known.boot and known.boot == self._boot and running >= known.running_seconds:
            self._synced_seconds = known.synced_seconds
            self._right = self._least = known.at, known.running_seconds
            if not self._agrees(wall_at, running):
                self._doubt(running, STEADY_SECONDS)
            return
        self._least = known.at, running
        if not -BEHIND <= wall_at - known.at <= AHEAD:
            self._doubt(running, START_STEADY_SECONDS)
            self._right = known.at, float("-inf")

    def _judge(self) -> ClockState:
        wall_at, running = self._sources.wall(), self._sources.running()
        if self._parted(self._anchor, wall_at, running):
            self._doubt(running, STEADY_SECONDS)
        self._anchor = wall_at, running
        if self._sources.kernel().synced:
            self._synced_seconds, self._doubted_since, self._unproven_since = running, None, None
        elif self._doubted_since is not None and self._is_over(wall_at, running):
            self._unproven_since = None if self._agrees(wall_at, running) else running
            self._doubted_since = None
        if self._unproven_since is not None and running - self._unproven_since >= PROVEN_SECONDS:
            self._unproven_since = None
        state = self._standing(running)
        if state is not ClockState.UNSYNCED:
            self._right = self._least = wall_at, running
        return state

    def _doubt(self, running: float, patience_seconds: float) -> None:
        """Another step begins the waiting anew; it never shortens it."""
        waited_for = self._patience_seconds if self._doubted_since is not None else 0.0
        self._doubted_since, self._patience_seconds = running, max(patience_seconds, waited_for)

    def _is_over(self, wall_at: datetime, running: float) -> bool:
        steady = self._doubted_since is not None and running - self._doubted_since >= self._patience_seconds
        return self._agrees(wall_at, running) or (self._trust and steady)

    def _agrees(self, wall_at: datetime, running: float) -> bool:
        return not self._parted(self._right, wall_at, running)

    @staticmethod
    def _parted(since: tuple[datetime, float], wall_at: datetime, running: float) -> bool:
        return abs((wall_at - since[0]).total_seconds() - (running - since[1])) > STEP_SECONDS

    def _standing(self, running: float) -> ClockState:
        if self._doubted_since is not None:
            return ClockState.UNSYNCED
        if self._synced_seconds == running:
            return ClockState.SYNCED
        held = self._synced_seconds is not None and running - self._synced_seconds <= HOLDOVER_SECONDS
        return ClockState.HOLDOVER if held or self._trust else ClockState.UNSYNCED


class AskedClock:
    """The best time known, for the console: while the station's clock is in doubt, what the station goes by.

    Else, or without a station that spoke within a minute, it is the wall clock. Safe from every thread.
    """

    def __init__(self, database: Database, sources: Sources) -> None:
        self._database = database
        self._sources = sources
        self._asked_seconds = float("-inf")
        self._stated: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        running = self._sources.running()
        if running - self._asked_seconds >= ASK_SECONDS:
            self._asked_seconds = running
            self._stated = self._ask(running)
        stated = self._stated
        return stated[0] + timedelta(seconds=running - stated[1]) if stated else self._sources.wall()

    def _ask(self, running: float) -> tuple[datetime, float] | None:
        """The station's time and the running time then; None while the wall clock will do."""
        try:
            with self._database.reading() as s:
                publisher = heartbeats.read(s).get("publisher")
        except LoaError:
            return self._stated
        stated = publisher.detail.get("clock") if publisher else None
        if not stated or stated["vouched"] or stated["boot"] != self._sources.boot():
            return None
        since_seconds = running - stated["running_seconds"]
        fresh = 0 <= since_seconds <= STATED_SECONDS
        return (datetime.fromisoformat(stated["at"]), stated["running_seconds"]) if fresh else None
