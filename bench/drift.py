"""How far two sound cards part in 45 minutes: ``python -m bench.drift [--minutes 45]``.

The real player on virtual cards, in virtual time: each runs by a crystal of its own, holds 100 ms and says how much it
still has to sound, with or without scatter in its answers. The clip's samples are their own place in the clip, so what
sounds at an instant tells how far the card is from the plan. Baseline in the same run: the same player, told to leave
drift alone.
"""

import argparse
import random
import sys
import threading
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from speaker_node.sound.player.alsa import BUFFER_SECONDS, DevicePlay
from speaker_node.sound.player.epoch import Epoch
from speaker_node.sound.player.port import PlayOrder

RATE = 48_000
PPM = 100.0
WRAP = 32_768
RAMP = array("h", range(WRAP)) * 2


@dataclass
class Clip:
    """A clip whose sample ``i`` is ``i`` modulo 32,768."""

    frames: int
    rate: int = RATE
    _at: int = 0

    def read(self, frames: int) -> bytes:
        count = min(frames, self.frames - self._at)
        start = self._at % WRAP
        self._at += count
        return RAMP[start : start + count].tobytes()


class Card:
    """A sound card whose crystal is wrong by so many millionths, and the only clock of this world.

    now: seconds; apart: the worst distance of what sounded from the plan, in seconds, and the last.
    """

    underruns = 0

    def __init__(self, ppm: float, *, start: float, scatter_ms: float, chance: random.Random) -> None:
        self._rate = RATE * (1 + ppm / 1e6)
        self._start = start
        self._scatter = scatter_ms / 1000 * RATE
        self._chance = chance
        self._written = 0
        self._stored: deque[tuple[int, array[int]]] = deque(maxlen=16)
        self.now = 0.0
        self.worst = self.last = 0.0

    def write(self, block: bytes) -> None:
        samples = array("h", block)
        self._stored.append((self._written, samples))
        self._written += len(samples)
        self.now = max(self.now, (self._written - BUFFER_SECONDS * RATE) / self._rate)
        self._look()

    def delay(self) -> int:
        left = self._written - self.now * self._rate
        return max(0, round(left + self._chance.gauss(0, self._scatter)))

    def drop(self) -> None:
        """Nobody stops a play here."""

    def _look(self) -> None:
        sounding = int(self.now * self._rate)
        for begin, samples in self._stored:
            if begin <= sounding < begin + len(samples) and samples[sounding - begin]:
                planned = (self.now - self._start) * RATE
                off = (samples[sounding - begin] - planned + WRAP / 2) % WRAP - WRAP / 2
                self.last = off / RATE
                if planned > RATE:
                    self.worst = max(self.worst, abs(self.last))


class Stated:
    """Nobody listens."""

    def started(self, at_seconds: float) -> None:
        """The first sample left."""

    def ending(self) -> None:
        """The last is about to."""


def play(ppm: float, minutes: float, *, scatter_ms: float) -> Card:
    """One clip on one card."""
    card = Card(ppm, start=1.0, scatter_ms=scatter_ms, chance=random.Random(1))
    order = PlayOrder("bc-drift-0001", (), start_seconds=1.0)
    DevicePlay(card, Clip(int(minutes * 60 * RATE)), order, lambda: card.now).run(Stated(), threading.Event())
    return card


def apart(minutes: float, *, scatter_ms: float) -> tuple[float, float]:
    """Milliseconds between a fast and a slow card at the end, and the worst distance of either from the plan."""
    fast, slow = (play(ppm, minutes, scatter_ms=scatter_ms) for ppm in (PPM, -PPM))
    return abs(fast.last - slow.last) * 1000, max(fast.worst, slow.worst) * 1000


def uncorrected(measure: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """The same with a player that leaves drift alone."""
    stored = Epoch.correction
    Epoch.correction = lambda _: 0  # type: ignore[method-assign]
    try:
        return measure()
    finally:
        Epoch.correction = stored  # type: ignore[method-assign]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.drift")
    parser.add_argument("--minutes", type=float, default=45.0)
    minutes = parser.parse_args(argv).minutes
    cards = f"two cards of +{PPM:g} and -{PPM:g} ppm, {minutes:g} minutes"
    print(f"{cards:<58} {'corrected':>22} {'drift left alone':>22}")
    for scatter_ms in (0.0, 0.7):
        found = apart(minutes, scatter_ms=scatter_ms)
        plain = uncorrected(lambda scatter_ms=scatter_ms: apart(minutes, scatter_ms=scatter_ms))  # type: ignore[misc]
        answers = f"answers scatter by {scatter_ms:g} ms"
        for what, index in (("apart at the end", 0), ("worst distance from the plan", 1)):
            print(f"{what + ', ' + answers:<58} {found[index]:>19.2f} ms {plain[index]:>19.2f} ms", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
