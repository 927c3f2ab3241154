"""The page of the drawn map."""

import pytest

from broadcaster.station.schema import Node, Unit
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration
NORTH_WEST, SOUTH_EAST = (22.20, 105.80), (22.10, 105.95)


def test_the_page_shows_every_node_by_shape_and_in_words(commune: Commune) -> None:
    with commune.database.session() as s:
        s.get_one(Node, "loa-lung-vai").latitude, s.get_one(Node, "loa-lung-vai").longitude = NORTH_WEST
        s.get_one(Unit, "ban-cuon").latitude, s.get_one(Unit, "ban-cuon").longitude = SOUTH_EAST
    page = commune.browser().get("/nodes/map").text
    assert page.count('class="mark never"') == 3  # two nodes, and the legend
    assert "Loa Lủng Vai: chưa từng kết nối" in page
    assert "Loa Lủng Pảng" in page.partition("Chưa có tọa độ")[2]


def test_a_commune_without_coordinates_is_told_where_to_write_them(commune: Commune) -> None:
    assert "chép tọa độ" in commune.browser().get("/nodes/map").text
