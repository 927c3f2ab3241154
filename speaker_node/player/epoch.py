"""From many looks at a device's delay to the instant at which the first frame ever written sounded."""

import statistics
from collections import deque

LOOKS = 40
STEPPED_SECONDS = 0.004
"""Looks that scatter more than this come from a device that reports in steps; then the earliest ones are right."""
WATCHED = 250
"""Looks over which drift is judged while a clip sounds: five seconds."""
TOLERATED_SECONDS = 0.001


class Epoch:
    """When frame 0 sounded, in monotonic seconds.

    planned_seconds: the estimate the clip was placed by.
    added: frames repeated less frames left out so far.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._looks: deque[float] = deque(maxlen=LOOKS)
        self._drift: deque[float] = deque(maxlen=WATCHED)
        self._owed = 0
        self.added = 0
        self.planned_seconds = 0.0

    @property
    def known(self) -> bool:
        """The device has sounded something."""
        return bool(self._looks)

    @property
    def seconds(self) -> float:
        """Monotonic second at which frame 0 sounded, as far as the device can tell."""
        return _settled(self._looks)

    def saw(self, at_seconds: float, frames_sounded: int) -> None:
        """The device said that this many frames had sounded at this instant."""
        if frames_sounded <= 0:
            return
        look = at_seconds - frames_sounded / self._rate
        self._looks.append(look)
        self._drift.append(look)

    def plan(self) -> None:
        """The clip is placed by the present estimate; watch how the card runs from here on."""
        self.planned_seconds = self.seconds if self._looks else 0.0
        self._drift.clear()

    def correction(self) -> int:
        """1 to repeat a frame, -1 to leave one out, 0 to leave the block alone; one block a call.

        A card that runs fast sounds each frame earlier: the epoch moves back in time, and frames must be added.
        """
        if not self._owed and len(self._drift) == WATCHED:
            behind = _settled(self._drift) - self.planned_seconds + self.added / self._rate
            self._owed = -round(behind * self._rate) if abs(behind) > TOLERATED_SECONDS else 0
            self._drift.clear()
        step = (self._owed > 0) - (self._owed < 0)
        self._owed -= step
        self.added += step
        return step


def _settled(looks: deque[float]) -> float:
    ordered = sorted(looks)
    if ordered[-1] - ordered[0] > STEPPED_SECONDS:
        return ordered[len(ordered) // 10]
    return statistics.median(ordered)
