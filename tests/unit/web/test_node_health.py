"""Plots of a pole's health, and the same in a table."""

from datetime import UTC, datetime, timedelta

from broadcaster.protocol.status import NodeHealth
from tests.unit.web.commune import Commune
from tests.unit.web.test_nodes import tell
from web import plots

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
DAY = plots.Frame(NOON, NOON + timedelta(days=1))


def test_a_pole_is_shown_in_plots_and_in_words(commune: Commune) -> None:
    for minute in range(6):
        body = NodeHealth(temperature_celsius=40.0 + minute, signal_percent=60, bytes_this_month=minute * 1_000_000)
        tell(commune, health=body)
        commune.clock.move(minutes=10)
    page = commune.browser().get("/nodes/loa-lung-vai/health").text
    assert page.count("<figure") == 5  # nothing was said of the room on the card
    assert "từ 40 °C đến 45 °C; mới nhất 45 °C" in page
    assert "5.0 MB" in page


def test_a_pole_nobody_heard_of_says_when_there_will_be_something(commune: Commune) -> None:
    assert "cứ mười phút" in commune.browser().get("/nodes/loa-lung-vai/health?days=90").text
    assert commune.browser().get("/nodes/loa-lung-vai/health?days=x").status_code == 200


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


def test_a_program_gets_the_days(commune: Commune) -> None:
    tell(commune, health=NodeHealth(temperature_celsius=51.0))
    api, headers = commune.app.test_client(), commune.token("khach")
    (day,) = api.get("/api/v1/nodes/loa-lung-vai/health?days=1", headers=headers).json
    assert (day["on"], day["hottest_celsius"], day["used_bytes"]) == ("2026-11-23", 51.0, None)
    assert api.get("/api/v1/nodes/loa-lung-vai/health?days=1000", headers=headers).status_code == 422
