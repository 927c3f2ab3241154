"""Streams as a list of what happens, on a clock that they move: no process, no waiting."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from broadcaster.audio.sound import CLIP_RATE
from broadcaster.refusals.reasons import Reason
from broadcaster.relays.events import Event, Heard, Nothing, Over

BLOCK_SECONDS = 0.5
_LEVELS = {"silence": 0.0001, "clipped": 3.0}
Happening = tuple[str, float]
"""sound, silence, clipped, stall or burst (all at once), and for how many seconds; over, or the code of another reason
why nothing comes any more, and whatever."""
FAULTS: Sequence[tuple[str, Sequence[Happening]]] = (
    ("relay.ended", [("sound", 6), ("over", 0)]),
    ("relay.redirects_for_ever", [("sound", 6), ("relay.redirects_for_ever", 0)]),
    ("relay.not_understood", [("sound", 6), ("relay.not_understood", 0)]),
    ("relay.stalled", [("sound", 6), ("stall", 60)]),
    ("relay.silent", [("sound", 6), ("silence", 60)]),
)
"""Every fault a stream is left for, behind six seconds of sound, with its reason."""


def faulty(addresses: Sequence[str]) -> dict[str, list[Sequence[Happening]]]:
    """Scripts for ``Air``: every fault comes once, whichever of the addresses is asked, and in the end good sound."""
    scripts: dict[str, list[Sequence[Happening]]] = {each: [] for each in addresses}
    for number, (_reason, script) in enumerate(FAULTS):
        scripts[addresses[number % len(addresses)]].append(script)
    for each in addresses:
        scripts[each].append([("sound", 600)])
    return scripts


def pcm(seconds: float, *, level: float = 0.2, pitch_hz: float = 440.0) -> bytes:
    at = np.arange(round(seconds * CLIP_RATE)) / CLIP_RATE
    return (32767 * np.clip(level * np.sin(2 * np.pi * pitch_hz * at), -1, 1)).astype(np.int16).tobytes()


@dataclass
class Air:
    """scripts: what happens at each address, one list for each time it is opened, the last again and again;
    when_opened: called each time."""

    scripts: Mapping[str, Sequence[Sequence[Happening]]]
    now: float = 1000.0
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    when_opened: Callable[[], object] = lambda: None

    def clock(self) -> float:
        return self.now

    @contextmanager
    def pull(self, address: str) -> Iterator[Iterator[Event]]:
        turn = self.opened.count(address)
        self.opened.append(address)
        self.when_opened()
        rows = self.scripts[address]
        try:
            yield self._events(rows[min(turn, len(rows) - 1)])
        finally:
            self.closed.append(address)

    def _events(self, script: Sequence[Happening]) -> Iterator[Event]:
        for kind, seconds in script:
            if kind == "over" or kind.startswith("relay."):
                yield Over(Reason("relay.ended" if kind == "over" else kind))
                return
            for _ in range(round(seconds / BLOCK_SECONDS)):
                self.now += 0 if kind == "burst" else BLOCK_SECONDS
                if kind == "stall":
                    yield Nothing()
                else:
                    yield Heard(pcm(BLOCK_SECONDS, level=_LEVELS.get(kind, 0.2)))
        yield Over(Reason("relay.ended"))
