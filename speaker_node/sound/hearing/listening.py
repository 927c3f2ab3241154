"""Listens while the beginning of a clip sounds, then says whether the clip was in what it heard.

Loudness is compared, not sound: 20 ms steps of both, shifted against each other as far as air, amplifier and microphone
may be late. So a poor microphone and a horn that colours everything do, and a passing lorry is not taken for the clip.
"""

import logging
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from speaker_node.errors import SoundFault
from speaker_node.events import Event, SoundHeard
from speaker_node.sound.hearing.envelope import STEP_SECONDS, Envelope, likeness
from speaker_node.sound.player.decoder import PartStream

log = logging.getLogger(__name__)
LONGEST_SECONDS = 30.0
"""So much of a clip is listened to; a horn that is dead is dead from the start."""
SHORTEST_SECONDS = 3.0
"""Less than this is like many things."""
LATE = range(-10, 61)
"""Steps the microphone may be behind the player: up to 1.2 s; a little before, as clocks are read with an error."""
SURELY, HARDLY = 0.5, 0.3
"""Likeness from which the clip was heard, and below which it was not; in between nobody can tell."""


class Microphone(Protocol):
    """The port; ``AlsaMicrophone`` is one."""

    def listen(self, stop: threading.Event) -> Generator[tuple[bytes, float], None, None]:
        """Blocks of 16-bit samples, each with the monotonic second of its last one. Raises SoundFault."""


@dataclass(frozen=True, slots=True)
class ExpectedSound:
    """What should be heard.

    broadcast: its id.
    parts: its clips.
    at_seconds: monotonic clock at its first sample.
    """

    broadcast: str
    parts: tuple[Path, ...]
    at_seconds: float


class ClipListener:
    """One play at a time, in a thread of its own; ``SoundHeard`` follows when there is something to say.

    fault: why nothing can be heard; None when the microphone works or there is none.
    """

    def __init__(self, microphone: Microphone | None, rate: int, post: Callable[[Event], None]) -> None:
        """``rate`` is that of the microphone's samples."""
        self._microphone = microphone
        self._rate = rate
        self._post = post
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self.fault: SoundFault | None = None

    def listen(self, play: ExpectedSound) -> None:
        """Its first sample has just left."""
        if self._microphone is None or (self._thread and self._thread.is_alive()):
            return
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(self._microphone, play, self._over), name="ear")
        self._thread.daemon = True
        self._thread.start()

    def silence(self) -> None:
        """The play is over; what was heard so far is judged."""
        self._over.set()

    def _run(self, microphone: Microphone, play: ExpectedSound, over: threading.Event) -> None:
        try:
            levels, began_seconds = self._hear(microphone, over)
            self.fault = None
            found = judge(play, _levels(play.parts), levels, began_seconds=began_seconds)
            if found:
                log.info("%s: heard with a likeness of %d %%", play.broadcast, found.likeness_percent)
                self._post(found)
        except SoundFault as fault:
            log.warning("%s", fault)
            self.fault = fault

    def _hear(self, microphone: Microphone, over: threading.Event) -> tuple[Sequence[float], float]:
        """Levels, and the monotonic second at which the first of them began."""
        envelope, frames, began_seconds = Envelope(self._rate), 0, float("inf")
        with closing(microphone.listen(over)) as blocks:
            for block, ended_seconds in blocks:
                envelope.take(block)
                frames += len(block) // 2
                began_seconds = min(began_seconds, ended_seconds - frames / self._rate)
                if frames >= LONGEST_SECONDS * self._rate:
                    break
        return envelope.levels, began_seconds


def judge(
    play: ExpectedSound, reference: Sequence[float], heard: Sequence[float], *, began_seconds: float
) -> SoundHeard | None:
    """``began_seconds`` is when the listening began, by the monotonic clock; None when it was too short."""
    fewest = int(SHORTEST_SECONDS / STEP_SECONDS)
    if min(len(reference), len(heard)) < fewest:
        return None
    behind = round((began_seconds - play.at_seconds) / STEP_SECONDS)
    lags = range(behind - LATE.stop + 1, behind - LATE.start + 1)
    alike = likeness(reference, heard, lags=lags, fewest=fewest)
    known = alike >= SURELY or alike < HARDLY
    return SoundHeard(play.broadcast, alike >= SURELY if known else None, likeness_percent=round(100 * alike))


def _levels(parts: tuple[Path, ...]) -> Sequence[float]:
    """Of the beginning of the clip, a little longer than is listened to."""
    with PartStream(parts) as programme:
        envelope = Envelope(programme.rate)
        until = int((LONGEST_SECONDS + LATE.stop * STEP_SECONDS) / STEP_SECONDS)
        while len(envelope.levels) < until and (block := programme.read(programme.rate)):
            envelope.take(block)
    return envelope.levels
