"""Lines, ribbons and bars over time, drawn on the server. Pure: values in, places on a sheet out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 720, 120
MOST_POINTS = 240
"""More points than this cannot be told apart on the sheet."""

Reading = tuple[datetime, float]


@dataclass(frozen=True, slots=True)
class PlotFrame:
    """The time a sheet shows: from ``from_at`` at its left edge to ``until_at`` at its right."""

    from_at: datetime
    until_at: datetime

    def x(self, at: datetime) -> float:
        """Where an instant lies, in units of the sheet."""
        return max(0.0, min(1.0, (at - self.from_at) / (self.until_at - self.from_at))) * WIDTH


@dataclass(frozen=True, slots=True)
class PlotLine:
    """path: for an SVG path; low, high: of the readings; last: the newest reading."""

    path: str
    low: float
    high: float
    last: float


def line(
    readings: Sequence[Reading],
    frame: PlotFrame,
    *,
    gap: timedelta,
    pick: Callable[[Iterable[float]], float],
    span: tuple[float, float] | None = None,
) -> PlotLine | None:
    """``pick`` chooses among readings too close to be told apart; a silence longer than ``gap`` breaks the line.

    ``span``: values at the lower and upper edge; without it the readings fill the sheet. None without readings.
    """
    if not readings:
        return None
    values = [value for _, value in readings]
    low, high = span or (min(values), max(values))
    step = (frame.until_at - frame.from_at) / MOST_POINTS
    patience = max(gap, step * 1.5)
    pieces: list[str] = []
    before: datetime | None = None
    for at, value in _thinned(readings, frame, step, pick):
        joined = before is not None and at - before <= patience
        height = 0.5 if high == low else (value - low) / (high - low)
        y = HEIGHT - 6 - max(0.0, min(1.0, height)) * (HEIGHT - 12)
        pieces.append(f"{'L' if joined else 'M'}{frame.x(at):.1f} {y:.1f}" + ("" if joined else "h0.1"))
        before = at
    return PlotLine("".join(pieces), min(values), max(values), values[-1])


def stretches(spans: Iterable[tuple[datetime, datetime]], frame: PlotFrame) -> list[tuple[float, float]]:
    """Left edge and width of each stretch, wide enough to be seen."""
    return [(frame.x(begin), max(1.0, frame.x(end) - frame.x(begin))) for begin, end in spans if end > frame.from_at]


def bars(amounts: Sequence[tuple[datetime, datetime, float]], frame: PlotFrame) -> list[tuple[float, float, float]]:
    """Left edge, width and height of a bar for each stretch of time."""
    most = max((amount for _, _, amount in amounts), default=0.0) or 1.0
    return [
        (frame.x(begin) + 1, max(1.0, frame.x(end) - frame.x(begin) - 2), amount / most * (HEIGHT - 10))
        for begin, end, amount in amounts
    ]


def _thinned(
    readings: Sequence[Reading], frame: PlotFrame, step: timedelta, pick: Callable[[Iterable[float]], float]
) -> list[Reading]:
    if len(readings) <= MOST_POINTS:
        return list(readings)
    buckets: dict[int, list[Reading]] = {}
    for at, value in readings:
        buckets.setdefault(int((at - frame.from_at) / step), []).append((at, value))
    return [(some[0][0], pick(value for _, value in some)) for some in buckets.values()]
