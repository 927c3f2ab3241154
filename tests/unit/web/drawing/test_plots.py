"""Readings over time, drawn as a line."""

from datetime import UTC, datetime, timedelta

from web.drawing import plots

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
DAY = plots.PlotFrame(NOON, NOON + timedelta(days=1))


def test_a_silence_breaks_the_line() -> None:
    readings = [(NOON + timedelta(minutes=minute), 1.0) for minute in (0, 10, 20, 300, 310)]
    line = plots.line(readings, DAY, gap=timedelta(minutes=25), pick=max)
    assert line
    assert (line.path.count("M"), line.path.count("L")) == (2, 3)


def test_more_readings_than_can_be_seen_keep_their_extremes() -> None:
    readings = [(NOON + timedelta(seconds=10 * n), 50.0 if n == 4000 else 20.0) for n in range(8640)]
    line = plots.line(readings, DAY, gap=timedelta(minutes=25), pick=max)
    assert line
    assert line.path.count("L") <= plots.MOST_POINTS
    assert " 6.0" in line.path  # the one hot moment is still at the upper edge
    assert line.high == 50.0
