"""Cụm loa: how every node is, in words."""

import pytest

from broadcaster.protocol.status import NodeHealth, NodeStatus
from broadcaster.protocol.values import ClockState
from broadcaster.station.nodes import nodes
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration


def tell(commune: Commune, *, online: bool = True, **more: object) -> None:
    stated = {"clock": ClockState.SYNCED, "clock_error_ms": 5, "sound": "file", "health": NodeHealth()} | more
    status = NodeStatus(node="loa-lung-vai", connection=1, online=online, at=commune.clock(), **stated)
    with commune.database.session() as s:
        nodes.record_status(s, status=status, now_at=commune.clock())


def test_a_node_that_never_spoke_is_said_to_have_never_spoken(commune: Commune) -> None:
    page = commune.browser().get("/nodes").text
    assert page.count('<span class="tag calm">chưa từng kết nối') == 3


def test_a_node_is_online_until_it_is_silent_for_three_minutes(commune: Commune) -> None:
    tell(commune)
    browser = commune.browser()
    assert "đang kết nối" in browser.get("/nodes/rows").text
    commune.clock.move(minutes=4)
    assert "im lặng quá lâu" in browser.get("/nodes/rows").text


def test_the_page_of_a_node_shows_what_it_measured(commune: Commune) -> None:
    tell(commune, health=NodeHealth(temperature_celsius=85.0, under_voltage=True), trouble=("Quạt hỏng.",))
    page = commune.browser().get("/nodes/loa-lung-vai").text
    for words in ("±5 ms", "85°C", "Điện yếu", "Quạt hỏng."):
        assert words in page


def test_the_page_of_a_node_with_a_microphone_says_whether_it_was_heard(commune: Commune) -> None:
    assert "micrô" not in commune.browser().get("/nodes/loa-lung-vai").text
    for heard, words in ((True, "nghe được"), (False, "loa câm")):
        tell(commune, health=NodeHealth(heard=heard, heard_percent=71))
        page = commune.browser().get("/nodes/loa-lung-vai").text
        assert f"<strong>{words}</strong>" in page
        assert "giống 71%" in page


def test_an_administrator_revokes_a_node_by_writing_its_name_and_an_officer_cannot(commune: Commune) -> None:
    typed = {"typed": " loa LỦNG vai"}
    assert send(commune.browser(), "/nodes/loa-lung-vai/revoke", typed).status_code == 403
    administrator = commune.browser("quantri")
    assert send(administrator, "/nodes/loa-lung-vai/revoke", {"typed": "Loa Lủng"}).status_code == 422
    assert send(administrator, "/nodes/loa-lung-vai/revoke", typed).status_code == 302
    assert "Loa Lủng Vai" not in administrator.get("/nodes/rows").text


def test_an_unknown_node_is_said_in_words(commune: Commune) -> None:
    assert commune.browser().get("/nodes/khong-co").status_code == 404
