"""A player for machines without sound: it takes the time the clip takes and writes what it played as WAV."""

import threading
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from speaker_node.events import PlayResult
from speaker_node.sound.player.decoder import BYTES_PER_FRAME, scaled
from speaker_node.sound.player.port import ENDING_SECONDS, Listener, PlayOrder, SampleSource, Volume

BLOCK_SECONDS = 0.05
PART_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class FilePlayer:
    """Writes ``<order of play>-<broadcast>.wav`` into a folder.

    folder: where.
    keep: how many files stay; older ones go. 0 writes none.
    monotonic: the clock.
    """

    folder: Path
    keep: int = 20
    monotonic: Callable[[], float] = time.monotonic

    @property
    def name(self) -> str:
        return "file"

    def try_out(self) -> None:
        """See :class:`Player`: there is no device."""

    def play(self, order: PlayOrder, *, listener: Listener, stop: threading.Event) -> PlayResult:
        """See :class:`Player`."""
        with order.opened() as programme:
            if stop.wait(max(0.0, order.start_seconds - self.monotonic())) or self.monotonic() > order.latest_seconds:
                return PlayResult(played_ms=0, ended_seconds=self.monotonic(), whole=False)
            started = max(order.start_seconds, self.monotonic() - BLOCK_SECONDS)
            listener.started(started)
            part = self._target(order)
            played = self._run(
                programme, started, _Recording(part, programme.rate, order.volume), listener=listener, stop=stop
            )
            self._finish(part)
        return played

    def _run(
        self, programme: SampleSource, started: float, tape: "_Recording", *, listener: Listener, stop: threading.Event
    ) -> PlayResult:
        rate = programme.rate
        announced = False
        while not stop.is_set():
            block = programme.read(int(rate * BLOCK_SECONDS))
            if not block:
                break
            tape.write(block)
            if not announced and tape.frames >= programme.frames - ENDING_SECONDS * rate:
                announced = True
                listener.ending()
            stop.wait(max(0.0, started + tape.frames / rate - self.monotonic()))
        tape.close()
        sounded = min(tape.frames / rate, self.monotonic() - started) if stop.is_set() else tape.frames / rate
        whole = not stop.is_set() or sounded * rate >= programme.frames
        return PlayResult(played_ms=round(sounded * 1000), ended_seconds=started + sounded, whole=whole)

    def _target(self, order: PlayOrder) -> Path | None:
        if not self.keep:
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{time.time_ns()}-{order.broadcast}.wav{PART_SUFFIX}"

    def _finish(self, part: Path | None) -> None:
        if part is None:
            return
        part.rename(part.with_suffix(""))
        for old in sorted(self.folder.glob("*.wav"))[: -self.keep]:
            old.unlink(missing_ok=True)


class _Recording:
    """What has been played, on disk when there is a path.

    frames: how many so far.
    """

    def __init__(self, path: Path | None, rate: int, volume: Volume) -> None:
        self.frames = 0
        self._volume = volume
        self._wave = None if path is None else wave.open(str(path), "wb")  # noqa: SIM115 - closed by close()
        if self._wave:
            self._wave.setparams((1, BYTES_PER_FRAME, rate, 0, "NONE", "not compressed"))

    def write(self, block: bytes) -> None:
        self.frames += len(block) // BYTES_PER_FRAME
        if self._wave:
            self._wave.writeframesraw(scaled(block, self._volume.percent))

    def close(self) -> None:
        if self._wave:
            self._wave.close()
