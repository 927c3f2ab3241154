"""Plots of a node's health, and the same in a table."""

import pytest

from broadcaster.protocol.status import NodeHealth
from tests.unit.web.commune import Commune
from tests.unit.web.nodes.test_pages import tell

pytestmark = pytest.mark.integration


def test_a_node_is_shown_in_plots_and_in_words(commune: Commune) -> None:
    for minute in range(6):
        body = NodeHealth(temperature_celsius=40.0 + minute, signal_percent=60, bytes_this_month=minute * 1_000_000)
        tell(commune, health=body)
        commune.clock.move(minutes=10)
    page = commune.browser().get("/nodes/loa-lung-vai/health").text
    assert page.count("<figure") == 5  # nothing was said of the room on the card
    assert "từ 40 °C đến 45 °C; mới nhất 45 °C" in page
    assert "5.0 MB" in page


def test_a_node_nobody_heard_of_says_when_there_will_be_something(commune: Commune) -> None:
    assert "cứ mười phút" in commune.browser().get("/nodes/loa-lung-vai/health?days=90").text
    assert commune.browser().get("/nodes/loa-lung-vai/health?days=x").status_code == 200


def test_a_program_gets_the_days(commune: Commune) -> None:
    tell(commune, health=NodeHealth(temperature_celsius=51.0))
    api, headers = commune.app.test_client(), commune.token("khach")
    (day,) = api.get("/api/v1/nodes/loa-lung-vai/health?days=1", headers=headers).json
    assert (day["on"], day["hottest_celsius"], day["used_bytes"]) == ("2026-11-23", 51.0, None)
    assert api.get("/api/v1/nodes/loa-lung-vai/health?days=1000", headers=headers).status_code == 422
