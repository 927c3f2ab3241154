"""The drawn map: where things come to lie on the sheet."""

from itertools import combinations

from web.drawing.maps import APART, WIDE_SIZE, WIDTH, MapPlace, _box, _touch, drawn

NORTH_WEST, SOUTH_EAST = (22.20, 105.80), (22.10, 105.95)


def test_north_is_up_and_east_is_right() -> None:
    one, other = drawn([MapPlace("a", "A", NORTH_WEST), MapPlace("b", "B", SOUTH_EAST)]).spots
    assert one.x < other.x
    assert one.y < other.y


def test_everything_is_on_the_sheet_however_the_commune_is_shaped() -> None:
    for ends in ((NORTH_WEST, SOUTH_EAST), ((22.0, 105.8), (22.4, 105.8)), ((22.0, 105.8), (22.0, 106.4))):
        sheet = drawn([MapPlace("a", "A", ends[0]), MapPlace("b", "B", ends[1])])
        assert all(0 < spot.x < WIDTH and 0 < spot.y < sheet.height for spot in sheet.spots)


def test_the_scale_tells_the_truth() -> None:
    sheet = drawn([MapPlace("a", "A", (22.0, 105.8)), MapPlace("b", "B", (22.1, 105.8))])
    north, south = sheet.spots[1], sheet.spots[0]
    metres = (south.y - north.y) / sheet.bar * sheet.bar_metres
    assert abs(metres - 11_132) < 20


def test_marks_on_one_spot_can_each_be_seen() -> None:
    spots = drawn([MapPlace(str(number), "Loa", NORTH_WEST) for number in range(5)]).spots
    gaps = [abs(one.x - other.x) for one, other in combinations(spots, 2)]
    assert min(gaps) >= APART - 0.01


def test_names_do_not_lie_on_each_other() -> None:
    places = [MapPlace(str(n), f"Cụm loa thôn số {n}", (22.1 + n % 6 * 0.0002, 105.8 + n * 0.0001)) for n in range(40)]
    boxes = [
        _box(spot.place.name, (spot.label_x, spot.label_y), anchor=spot.anchor, size=WIDE_SIZE)
        for spot in drawn(places).spots
        if spot.label_x is not None
    ]
    assert 5 < len(boxes) < 40
    assert not [pair for pair in combinations(boxes, 2) if _touch(*pair)]
