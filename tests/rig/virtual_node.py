"""A node for which two days pass in a minute: the real agent, its waiting and its player by a clock of their own.

Usage: python -m tests.rig.virtual_node JSON, an object with the fields of ``Stretch``.
"""

import json
import os
import queue
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from speaker_node import agent
from speaker_node.assembly import Substitutes
from speaker_node.clock.kernel_time import KernelTime
from speaker_node.clock.node_clock import NodeClock, TimeSources
from speaker_node.events import Event, PlayResult
from speaker_node.setup.settings import LocalSettings, read_bundle
from speaker_node.sound import play_control
from speaker_node.sound.player.decoder import PartStream
from speaker_node.sound.player.port import ENDING_SECONDS, Listener, PlayOrder

TICK_SECONDS = 20.0
"""The agent looks at its clock this often instead of every second; what is due wakes it all the same."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A node's life from one start to its end.

    bundle, data, diary: files and folder; the diary gets a line "<broadcast> <wall second of its first sample>" a play.
    boot: of which boot this is a part.
    uptime_seconds: how long that boot has lasted at the start.
    wall: seconds since 1970 at the start.
    until: wall second of the polite end.
    dies: wall second at which the power goes; 0 for never.
    """

    bundle: str
    data: str
    diary: str
    boot: str
    uptime_seconds: float
    wall: float
    until: float
    dies: float = 0.0


@dataclass
class VirtualTime:
    """Seconds that pass only when everybody waits.

    now: monotonic; wall: seconds since 1970 when it was 0.
    """

    now: float
    wall: float
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _parked: tuple[float, threading.Event] | None = None

    def park(self, until: float, stop: threading.Event) -> None:
        """The player waits; until then or until it is stopped."""
        with self._changed:
            self._parked = (until, stop)
            while self.now < until and not stop.is_set():
                self._changed.wait(0.01)
            self._parked = None

    def rests(self) -> bool:
        """Nobody but the caller has anything to do now."""
        playing = any(thread.name == "playout" for thread in threading.enumerate())
        with self._changed:
            waits = self._parked is not None and self.now < self._parked[0] and not self._parked[1].is_set()
        return waits or not playing

    def pass_until(self, until: float) -> None:
        """Time passes, at most to the instant the player waits for."""
        with self._changed:
            self.now = min(until, self._parked[0]) if self._parked else until
            self._changed.notify_all()


class VirtualInbox(queue.SimpleQueue[Event]):
    """The agent's loop waits here, and only here."""

    def __init__(self, clock: VirtualTime, stretch: Stretch) -> None:
        self._clock = clock
        self._stretch = stretch

    def get(self, block: bool = True, timeout: float | None = None) -> Event:  # queue's own words
        until = self._clock.now + (timeout or 0.0)
        while True:
            while not self._clock.rests():
                time.sleep(0.0005)
            try:
                return super().get_nowait()
            except queue.Empty:
                if self._clock.now >= until:
                    raise
            self._clock.pass_until(until)
            if self._stretch.dies and self._clock.wall + self._clock.now >= self._stretch.dies:
                os._exit(137)


@dataclass(frozen=True, slots=True)
class DiaryPlayer:
    """Takes a clip's time and writes down when it began."""

    clock: VirtualTime
    diary: Path
    name: str = "diary"

    def try_out(self) -> None:
        pass

    def play(self, order: PlayOrder, *, listener: Listener, stop: threading.Event) -> PlayResult:
        with PartStream(order.parts, skip_seconds=order.skip_seconds) as programme:
            length = programme.frames / programme.rate
        self.clock.park(order.start_seconds, stop)
        began = self.clock.now
        if stop.is_set() or began > order.latest_seconds:
            return PlayResult(0, began, whole=False)
        with self.diary.open("a") as diary:
            diary.write(f"{order.broadcast} {self.clock.wall + began:.3f}\n")
        listener.started(began)
        self.clock.park(began + length - ENDING_SECONDS, stop)
        listener.ending()
        self.clock.park(began + length, stop)
        sounded = min(length, self.clock.now - began)
        return PlayResult(round(sounded * 1000), began + sounded, whole=not stop.is_set())


def live(stretch: Stretch) -> None:
    """From start to end or to the power cut."""
    clock = VirtualTime(now=stretch.uptime_seconds, wall=stretch.wall - stretch.uptime_seconds)
    sources = TimeSources(
        wall=lambda: clock.wall + clock.now,
        monotonic=lambda: clock.now,
        kernel=lambda: KernelTime(synced=False, error_seconds=16.0),
        boot=lambda: stretch.boot,
        battery=lambda: True,
    )
    play_control.boot_id = lambda: stretch.boot  # type: ignore[assignment]  # the machine's own does not change for a test
    agent.TICK_SECONDS = TICK_SECONDS
    data = Path(stretch.data)
    settings = LocalSettings(read_bundle(Path(stretch.bundle)), data, memory=data, sound="file", usb="off")
    substitutes = Substitutes(
        player=DiaryPlayer(clock, Path(stretch.diary)),
        clock=NodeClock(settings.bundle.node, memory=settings.data / "clock.json", sources=sources),
        inbox=VirtualInbox(clock, stretch),
    )
    virtual_node = agent.Agent(settings, substitutes=substitutes)
    threading.Thread(target=_end_in_time, args=(virtual_node, clock, stretch.until), daemon=True).start()
    virtual_node.run()


def _end_in_time(virtual_node: agent.Agent, clock: VirtualTime, until: float) -> None:
    while clock.wall + clock.now < until:
        time.sleep(0.01)
    virtual_node.stop()


if __name__ == "__main__":
    live(Stretch(**json.loads(sys.argv[1])))
