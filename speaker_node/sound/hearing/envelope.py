"""How loud something is from moment to moment, and how alike two such courses are. Pure."""

from array import array
from collections.abc import Iterator, Sequence

STEP_SECONDS = 0.02
LOOKED_AT = 8000
"""Samples a second are enough to know how loud it is; of faster sound only every so manieth is looked at."""


class Envelope:
    """Mean amplitude of every 20 ms of a stream of 16-bit samples.

    levels: so far.
    """

    def __init__(self, rate: int) -> None:
        self._per_step = round(rate * STEP_SECONDS)
        self._stride = max(1, rate // LOOKED_AT)
        self._rest = array("h")
        self.levels = array("f")

    def take(self, block: bytes) -> None:
        """The next samples."""
        self._rest.frombytes(block)
        whole = len(self._rest) // self._per_step * self._per_step
        for start in range(0, whole, self._per_step):
            heard = self._rest[start : start + self._per_step : self._stride]
            self.levels.append(sum(map(abs, heard)) / len(heard))
        self._rest = self._rest[whole:]


def likeness(reference: Sequence[float], heard: Sequence[float], *, lags: range, fewest: int) -> float:
    """The highest correlation of ``heard[i]`` with ``reference[i + lag]`` over the lags, 0 to 1.

    0 too when fewer than ``fewest`` values overlap, or when one of them does not vary at all.
    """
    return max((_correlation(*pair) for pair in _overlaps(reference, heard, lags, fewest)), default=0.0)


def _overlaps(
    reference: Sequence[float], heard: Sequence[float], lags: range, fewest: int
) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    for lag in lags:
        begin, end = max(0, -lag), min(len(heard), len(reference) - lag)
        if end - begin >= fewest:
            yield reference[begin + lag : end + lag], heard[begin:end]


def _correlation(left: Sequence[float], right: Sequence[float]) -> float:
    count = len(left)
    left_mean, right_mean = sum(left) / count, sum(right) / count
    both = sum(map(float.__mul__, left, right)) - count * left_mean * right_mean
    left_power = sum(map(float.__mul__, left, left)) - count * left_mean**2
    right_power = sum(map(float.__mul__, right, right)) - count * right_mean**2
    if left_power <= 0 or right_power <= 0:
        return 0.0
    return max(0.0, both / float((left_power * right_power) ** 0.5))
