"""A drawn map: places on the earth to places on a sheet, names that do not lie on each other. Pure; no tiles."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 1000
MARGIN = 70
SMALLEST_SPAN_METRES = 800.0
METRES_A_DEGREE = 111_320.0
LETTER = 0.56
"""Width of a letter beside its height, on average."""
WIDE_SIZE, PHONE_SIZE = 17, 34
"""Heights of letters in units of the drawing, on a wide and on a narrow screen."""
APART = 20.0
"""Marks closer than this are moved beside each other."""
STEPS_METRES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MapPlace:
    """Something to be drawn. id: whose; name: its label; position: latitude and longitude; mark: False for a name."""

    id: str
    name: str
    position: Position
    mark: bool = True


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the sheet, in its units.

    x, y: its middle.
    label_x, label_y, anchor: where its name is written; None when there is no room for it.
    on_phone: there is room for it in large letters, too.
    """

    place: MapPlace
    x: float
    y: float
    label_x: float | None = None
    label_y: float = 0.0
    anchor: str = "start"
    on_phone: bool = False


@dataclass(frozen=True, slots=True)
class MapSheet:
    """The drawing. height: with a width of WIDTH; spots; bar, bar_metres: the scale's length on sheet and ground."""

    height: int
    spots: tuple[Spot, ...]
    bar: float
    bar_metres: int


Box = tuple[float, float, float, float]


def drawn(places: Sequence[MapPlace]) -> MapSheet:
    """Everything on one sheet, north up. ``places`` must not be empty."""
    metres = [_metres(place.position, places[0].position) for place in places]
    left, right = min(x for x, _ in metres), max(x for x, _ in metres)
    low, high = min(y for _, y in metres), max(y for _, y in metres)
    span = max(right - left, (high - low) / 0.8, SMALLEST_SPAN_METRES)
    scale = (WIDTH - 2 * MARGIN) / span
    height = max(420, math.ceil((high - low) * scale + 2 * MARGIN))
    middle_x, middle_y = (left + right) / 2, (low + high) / 2
    points = [(WIDTH / 2 + (x - middle_x) * scale, height / 2 - (y - middle_y) * scale) for x, y in metres]
    bar_metres = max((step for step in STEPS_METRES if step * scale <= WIDTH / 4), default=STEPS_METRES[0])
    return MapSheet(height, tuple(_labelled(places, _apart(places, points), height)), bar_metres * scale, bar_metres)


def _metres(position: Position, origin: Position) -> tuple[float, float]:
    """East and north of the origin; plane enough for a commune."""
    latitude, longitude = position
    east = (longitude - origin[1]) * METRES_A_DEGREE * math.cos(math.radians(origin[0]))
    return east, (latitude - origin[0]) * METRES_A_DEGREE


def _apart(places: Sequence[MapPlace], points: Iterable[Position]) -> list[Position]:
    """Marks on one spot are moved to the right until each can be seen."""
    placed: list[Position] = []
    marks: list[Position] = []
    for place, (x, y) in zip(places, points, strict=True):
        moved = x
        while place.mark and any(math.dist((moved, y), other) < APART for other in marks):
            moved += APART
        placed.append((moved, y))
        if place.mark:
            marks.append((moved, y))
    return placed


def _labelled(places: Sequence[MapPlace], points: Sequence[Position], height: int) -> list[Spot]:
    """Names of hamlets find their room first, then those of nodes."""
    marks = [(x - 12, y - 12, x + 12, y + 12) for place, (x, y) in zip(places, points, strict=True) if place.mark]
    on_wide, on_phone = list(marks), list(marks)
    spots: dict[int, Spot] = {}
    for index in sorted(range(len(places)), key=lambda index: places[index].mark):
        place, (x, y) = places[index], points[index]
        large = None if place.mark else _room(place, points[index], size=PHONE_SIZE, taken=on_phone, height=height)
        found = large or _room(place, points[index], size=WIDE_SIZE, taken=on_wide, height=height)
        if found is None:
            spots[index] = Spot(place, x, y)
            continue
        label_x, label_y, anchor = found
        on_wide.append(_box(place.name, (label_x, label_y), anchor=anchor, size=WIDE_SIZE))
        if large:
            on_phone.append(_box(place.name, (label_x, label_y), anchor=anchor, size=PHONE_SIZE))
        spots[index] = Spot(place, x, y, label_x, label_y, anchor, large is not None)
    return [spots[index] for index in range(len(places))]


def _room(
    place: MapPlace, point: Position, *, size: int, taken: Sequence[Box], height: int
) -> tuple[float, float, str] | None:
    """Where the name fits: beside its mark, over or under it."""
    x, y = point
    gap = 16 if place.mark else 0
    tries = (
        (x + gap, y + size / 3, "start"),
        (x - gap, y + size / 3, "end"),
        (x, y - gap - 4, "middle"),
        (x, y + gap + size, "middle"),
    )
    for label_x, label_y, anchor in tries if place.mark else (*tries[2:], *tries[:2]):
        box = _box(place.name, (label_x, label_y), anchor=anchor, size=size)
        inside = box[0] >= 4 and box[2] <= WIDTH - 4 and box[1] >= 4 and box[3] <= height - 4
        if inside and not any(_touch(box, other) for other in taken):
            return label_x, label_y, anchor
    return None


def _box(name: str, point: Position, *, anchor: str, size: int) -> Box:
    x, y = point
    width = len(name) * size * LETTER
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, y - size, left + width, y + size * 0.3


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
