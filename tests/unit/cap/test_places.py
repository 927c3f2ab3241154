"""Which of our hamlets an alert means."""

import pytest

from broadcaster.cap.places import Match, WarnedPlace, contains, meant, name_forms, near
from broadcaster.cap.values import Area, Circle, Point

COMMUNE = WarnedPlace("con-minh", frozenset(), name_forms("Xã Côn Minh"), frozenset({"01900"}))
UPPER = WarnedPlace("lung-pang", frozenset({"con-minh"}), name_forms("Lủng Pảng"), points=(Point(22.15, 105.95),))
LOWER = WarnedPlace(
    "ban-cuon",
    frozenset({"con-minh"}),
    name_forms("Bản Cuôn") | name_forms("Thôn Cuôn Cũ"),
    points=(Point(22.05, 105.85),),
)
PLACES = [COMMUNE, UPPER, LOWER]
SQUARE = tuple(Point(*each) for each in ((22.1, 105.9), (22.1, 106.0), (22.2, 106.0), (22.2, 105.9), (22.1, 105.9)))


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (Area("?", polygons=(SQUARE,)), ["lung-pang"]),
        (Area("?", circles=(Circle(Point(22.05, 105.85), 1.0),)), ["ban-cuon"]),
        (Area("?", circles=(Circle(Point(22.1, 105.9), 20.0),)), ["lung-pang", "ban-cuon"]),
        (Area("?", geocodes=(("GSO", "01900"),)), ["con-minh", "lung-pang", "ban-cuon"]),
        (Area("Các thôn Lủng Pảng, Khuổi Quân"), ["lung-pang"]),
        (Area("xã Côn Minh (tỉnh Thái Nguyên)"), ["con-minh", "lung-pang", "ban-cuon"]),
        (Area("thôn cuôn cũ và Lủng Pảng"), ["lung-pang", "ban-cuon"]),
    ],
)
def test_a_place_is_meant_by_line_circle_code_or_name(area: Area, expected: list[str]) -> None:
    assert meant([area], PLACES) == (Match.HERE, expected)


def test_elsewhere_and_unsaid_are_two_things() -> None:
    far = tuple(Point(each.latitude - 10, each.longitude) for each in SQUARE)
    assert meant([Area("Cà Mau", polygons=(far,))], PLACES)[0] is Match.ELSEWHERE
    assert meant([Area("các tỉnh miền núi")], PLACES)[0] is Match.UNSAID
    assert meant([], PLACES)[0] is Match.UNSAID
    assert meant([Area("?", polygons=(far,))], [COMMUNE])[0] is Match.UNSAID, "nobody here has a place on the map"


def test_the_edge_of_a_ring_belongs_to_it_and_rings_may_cross_the_date_line() -> None:
    assert contains(SQUARE, Point(22.1, 105.95))
    assert not contains(SQUARE, Point(22.0999, 105.95))
    over = tuple(Point(*each) for each in ((10.0, 170.0), (10.0, -170.0), (20.0, -170.0), (20.0, 170.0), (10.0, 170.0)))
    assert contains(over, Point(15, 175))
    assert contains(over, Point(15, -175))
    assert not contains(over, Point(15, 0))


def test_a_circle_is_measured_on_the_sphere() -> None:
    assert near(Circle(Point(0, 0), 111.3), Point(1, 0))
    assert not near(Circle(Point(0, 0), 111.0), Point(1, 0))
    assert near(Circle(Point(0, 0), 0.0), Point(0, 0))
