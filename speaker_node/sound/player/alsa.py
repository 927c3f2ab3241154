"""The player for a real device: sample 0 leaves at the planned instant, as the device itself counts.

Silence runs first. While it runs the device is asked again and again how far behind the write position it is; from
that follows the instant at which the first frame ever written sounded (the *epoch*), and from the epoch how much more
silence makes the clip's first sample fall on its instant. While the clip sounds the epoch is watched on: a card that
runs fast or slow is held in step by repeating or leaving out single frames.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from speaker_node.errors import SoundFault
from speaker_node.events import PlayResult
from speaker_node.sound.player.decoder import scaled
from speaker_node.sound.player.epoch import Epoch
from speaker_node.sound.player.libasound import BYTES_PER_FRAME, Stream, opened
from speaker_node.sound.player.port import ENDING_SECONDS, Listener, PlayOrder, SampleSource
from speaker_node.sound.player.priority import raise_priority

BUFFER_SECONDS = 0.1
TRY_OUT_RATE = 48_000
STEP_SECONDS = 0.01
PRE_ROLL_STEPS = 25
"""Silence written at least, so that the device runs and its delay means something: a quarter of a second."""
LEAD_SECONDS = 1.0
"""The device is opened this long before the first sample."""
MARGIN_SECONDS = 0.06
BLOCK_SECONDS = 0.02
DRAIN_SECONDS = 2.0
"""A device that has not sounded its buffer by then no longer tells the truth."""
ODD_READING_SECONDS = 0.002
"""A delay that took longer than this to read says nothing."""


@dataclass(frozen=True, slots=True)
class AlsaPlayer:
    """device: ALSA name of the device; monotonic: the clock."""

    device: str = "default"
    monotonic: Callable[[], float] = time.monotonic

    @property
    def name(self) -> str:
        return f"alsa:{self.device}"

    def try_out(self) -> None:
        """See :class:`Player`."""
        Stream(self.device, TRY_OUT_RATE, buffer_seconds=BUFFER_SECONDS).close()

    def play(self, order: PlayOrder, *, listener: Listener, stop: threading.Event) -> PlayResult:
        """See :class:`Player`. To be called from a thread of its own, whose priority it raises."""
        raise_priority()
        with order.opened() as programme:
            asked = stop.wait(max(0.0, order.start_seconds - LEAD_SECONDS - self.monotonic()))
            if asked or self.monotonic() > order.latest_seconds:
                return PlayResult(played_ms=0, ended_seconds=self.monotonic(), whole=False)
            rate = programme.rate
            stream = opened(lambda: Stream(self.device, rate, buffer_seconds=BUFFER_SECONDS), stop)
            try:
                return DevicePlay(stream, programme, order, self.monotonic).run(listener, stop)
            finally:
                stream.close()


class DevicePlay:
    """One play on one open stream. Frames are counted from the first silence on."""

    def __init__(
        self, stream: Stream, programme: SampleSource, order: PlayOrder, monotonic: Callable[[], float]
    ) -> None:
        self._stream = stream
        self._programme = programme
        self._order = order
        self._monotonic = monotonic
        self._rate = programme.rate
        self._epoch = Epoch(programme.rate)
        self._written = 0
        self._first = 0
        self._sounded = 0
        self._started_seconds: float | None = None
        self._announced_ending = False

    def run(self, listener: Listener, stop: threading.Event) -> PlayResult:
        try:
            self._align(stop)
            while not stop.is_set():
                block = self._programme.read(int(self._rate * BLOCK_SECONDS))
                if not block:
                    return self._finish(listener, stop)
                self._write(self._in_step(scaled(block, self._order.volume.percent)))
                self._announce(listener)
            return self._silenced()
        except SoundFault as fault:
            fault.played_ms = self._played_ms()
            raise

    def _align(self, stop: threading.Event) -> None:
        """Run silence until the clip's first frame can be placed exactly."""
        silence = bytes(BYTES_PER_FRAME * int(self._rate * STEP_SECONDS))
        steps = 0
        while not stop.is_set():
            self._write(silence)
            steps += 1
            near = self._epoch.known and self._head() > self._order.start_seconds - MARGIN_SECONDS
            if steps >= PRE_ROLL_STEPS and near:
                break
        if stop.is_set():
            return
        frames = round((self._order.start_seconds - self._epoch.seconds) * self._rate) - self._written
        if frames > 0:
            self._write(bytes(BYTES_PER_FRAME * frames))
        self._first = self._written
        self._epoch.plan()

    def _head(self) -> float:
        """When the next frame written will sound."""
        return self._epoch.seconds + self._written / self._rate

    def _write(self, block: bytes) -> None:
        self._stream.write(block)
        self._written += len(block) // BYTES_PER_FRAME
        before = self._monotonic()
        delay = self._stream.delay()
        after = self._monotonic()
        if delay is not None and after - before < ODD_READING_SECONDS:
            self._epoch.saw((before + after) / 2, self._written - delay)

    def _in_step(self, block: bytes) -> bytes:
        """The block, one frame longer or shorter while the card has run away from the plan."""
        frames = self._epoch.correction()
        if frames > 0:
            return block + block[-BYTES_PER_FRAME:]
        return block[:-BYTES_PER_FRAME] if frames < 0 else block

    def _announce(self, listener: Listener) -> None:
        """Tell what has come true since the last time."""
        delay = self._stream.delay()
        if delay is not None:
            self._sounded = max(0, self._written - self._first - delay)
        if self._started_seconds is None and self._sounded:
            self._started_seconds = self._epoch.planned_seconds + self._first / self._rate
            listener.started(self._started_seconds)
        left = self._programme.frames + self._epoch.added - self._sounded
        if not self._announced_ending and left < ENDING_SECONDS * self._rate:
            self._announced_ending = True
            listener.ending()

    def _finish(self, listener: Listener, stop: threading.Event) -> PlayResult:
        """Run silence behind the clip until its last frame has left, or fall silent at once."""
        clip_frames = self._written - self._first
        silence = bytes(BYTES_PER_FRAME * int(self._rate * STEP_SECONDS))
        until = self._monotonic() + DRAIN_SECONDS
        self._announce(listener)
        while not stop.is_set() and self._sounded < clip_frames and self._monotonic() < until:
            self._write(silence)
            self._announce(listener)
        if stop.is_set() and self._sounded < clip_frames:
            return self._silenced()
        beyond = max(0, self._sounded - clip_frames)
        self._sounded = clip_frames
        return self._result(self._monotonic() - beyond / self._rate, whole=True)

    def _silenced(self) -> PlayResult:
        self._stream.drop()
        return self._result(self._monotonic(), whole=False)

    def _result(self, ended_seconds: float, *, whole: bool) -> PlayResult:
        return PlayResult(self._played_ms(), ended_seconds, whole, self._stream.underruns)

    def _played_ms(self) -> int:
        return max(0, round((self._sounded - self._epoch.added) * 1000 / self._rate))
