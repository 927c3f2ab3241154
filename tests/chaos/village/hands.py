"""A node's wall clock whose hands the bench moves, in a real process: a small file says how far they are off.

The kernel's word that NTP holds the clock is withdrawn while they are off, as it is on a board that lost its time.
"""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from speaker_node.clock.kernel_time import KernelTime
from speaker_node.clock.node_clock import TimeSources


@dataclass(frozen=True, slots=True)
class Hands:
    """off_seconds: what the wall clock shows beyond the truth; synced: NTP holds it."""

    off_seconds: float = 0.0
    synced: bool = True


def move(path: Path, hands: Hands) -> None:
    """Of the node that reads this file, from its next look on."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(hands)))
    beside.replace(path)


class HandsFile:
    """Read at every look; an absent file is a clock that is right."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Hands:
        try:
            return Hands(**json.loads(self._path.read_text()))
        except OSError:
            return Hands()

    def sources(self) -> TimeSources:
        """For a ``NodeClock``."""
        return TimeSources(
            wall=lambda: time.time() + self.read().off_seconds,
            kernel=lambda: KernelTime(synced=self.read().synced, error_seconds=0.001),
            battery=lambda: False,
        )
