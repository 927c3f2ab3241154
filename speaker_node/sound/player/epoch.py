"""From many readings of a device's delay to the instant at which the first frame ever written sounded."""

import statistics
from collections import deque
from collections.abc import Iterable

READINGS = 40
STEPPED_SECONDS = 0.004
"""Readings that scatter more than this come from a device that reports in steps; then the earliest ones are right."""
WATCHED = 50
"""Readings that are settled into one point of the line along which drift is judged: one second of a clip."""
FEWEST, MOST = 10, 60
"""Points such a line needs, and remembers."""
TOLERATED_SECONDS = 0.001
SURE = 3.0
"""So many times its own standard error must a deviation be before it is believed: noise is not drift."""


class Epoch:
    """When frame 0 sounded, in monotonic seconds.

    planned_seconds: the estimate the clip was placed by.
    added: frames repeated less frames left out so far.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._readings: deque[float] = deque(maxlen=READINGS)
        self._watched: list[float] = []
        self._line: deque[float] = deque(maxlen=MOST)
        self._owed = 0
        self.added = 0
        self.planned_seconds = 0.0

    @property
    def known(self) -> bool:
        """The device has sounded something."""
        return bool(self._readings)

    @property
    def seconds(self) -> float:
        """Monotonic second at which frame 0 sounded, as far as the device can tell."""
        return _settled(self._readings)

    def saw(self, at_seconds: float, frames_sounded: int) -> None:
        """The device said that this many frames had sounded at this instant."""
        if frames_sounded <= 0:
            return
        reading = at_seconds - frames_sounded / self._rate
        self._readings.append(reading)
        self._watched.append(reading)

    def plan(self) -> None:
        """The clip is placed by the present estimate; watch how the card runs from here on."""
        self.planned_seconds = self.seconds if self._readings else 0.0
        self._watched.clear()

    def correction(self) -> int:
        """1 to repeat a frame, -1 to leave one out, 0 to leave the block alone; one block a call.

        A card that runs fast sounds each frame earlier: the epoch moves back in time, and frames must be added.
        """
        if len(self._watched) >= WATCHED:
            self._line.append(_settled(self._watched) - self.planned_seconds)
            self._watched.clear()
            if not self._owed and len(self._line) >= FEWEST:
                self._owed = self._due()
        step = (self._owed > 0) - (self._owed < 0)
        self._owed -= step
        self.added += step
        return step

    def _due(self) -> int:
        """Frames that bring the clip back to its plan; 0 while the deviation is small or may be mere noise."""
        now, error = _end_of_line(self._line)
        behind = now + self.added / self._rate
        return -round(behind * self._rate) if abs(behind) > max(TOLERATED_SECONDS, SURE * error) else 0


def _settled(readings: Iterable[float]) -> float:
    ordered = sorted(readings)
    if ordered[-1] - ordered[0] > STEPPED_SECONDS:
        return ordered[len(ordered) // 10]
    return statistics.median(ordered)


def _end_of_line(points: Iterable[float]) -> tuple[float, float]:
    """Where the straight line of least squares through evenly spaced points ends, and the standard error of that."""
    values = list(points)
    count = len(values)
    middle, mean = (count - 1) / 2, sum(values) / count
    spread = sum((i - middle) ** 2 for i in range(count))
    slope = sum((i - middle) * value for i, value in enumerate(values)) / spread
    residue = sum((value - mean - slope * (i - middle)) ** 2 for i, value in enumerate(values))
    error = (residue / (count - 2) * (1 / count + middle**2 / spread)) ** 0.5
    return mean + slope * middle, error
