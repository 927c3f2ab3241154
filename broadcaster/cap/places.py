"""Which of our units an alert's areas mean: by polygon, circle, code, or a name, old names too."""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from broadcaster.cap.values import Area, Circle, Point

EARTH_RADIUS_KM = 6371.0
_BETWEEN_NAMES = re.compile(r"[,;/\n()–]|\s-\s|\s(?:và|and|&)\s")
_KIND_WORDS = re.compile(
    r"^(?:các |toàn )?(?:tỉnh|thành phố|tp\.?|xã|phường|thị trấn|đặc khu|huyện|"
    r"thôn|bản|xóm|ấp|buôn|làng|tổ dân phố|tdp|khu)\s+"
)


@dataclass(frozen=True, slots=True)
class WarnedPlace:
    """A unit as far as alerts can mean it.

    within: ids of the units above it.
    names: its name and older ones; codes: of any coding, as the commune wrote them down.
    points: where its nodes stand.
    """

    id: str
    within: frozenset[str]
    names: frozenset[str]
    codes: frozenset[str] = frozenset()
    points: tuple[Point, ...] = ()


class Match(StrEnum):
    """here: some places are meant. elsewhere: the areas are known and none of ours is in them. unsaid: nothing is said
    of where, or only by names and codes that we cannot place."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    UNSAID = "unsaid"


def meant(areas: Sequence[Area], places: Sequence[WarnedPlace]) -> tuple[Match, list[str]]:
    """Ids of the places meant, in their order; what lies within a place that is meant is meant too."""
    hit = {place.id for place in places if any(_means(area, place) for area in areas)}
    found = [place.id for place in places if place.id in hit or place.within & hit]
    if found:
        return Match.HERE, found
    drawn = any(area.polygons or area.circles for area in areas)
    placed = any(place.points for place in places)
    return (Match.ELSEWHERE if drawn and placed else Match.UNSAID), []


def contains(polygon: Sequence[Point], point: Point) -> bool:
    """Whether the point lies in the ring or on its edge (even-odd rule; a ring over the date line is cut there)."""
    shifted = _unwrapped(polygon)
    return any(_inside(shifted, Point(point.latitude, point.longitude + turn)) for turn in (0.0, 360.0, -360.0))


def near(circle: Circle, point: Point) -> bool:
    """Whether the point lies in the circle, on a sphere."""
    return distance_km(circle.centre, point) <= circle.radius_km


def distance_km(one: Point, other: Point) -> float:
    """Along a great circle."""
    first, second = math.radians(one.latitude), math.radians(other.latitude)
    north, east = second - first, math.radians(other.longitude - one.longitude)
    half = math.sin(north / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def _means(area: Area, place: WarnedPlace) -> bool:
    return (
        any(contains(ring, point) for ring in area.polygons for point in place.points)
        or any(near(circle, point) for circle in area.circles for point in place.points)
        or any(_folded(code) in place.codes for _, code in area.geocodes)
        or bool(place.names & set(names_in(area.description)))
    )


def names_in(description: str) -> Iterable[str]:
    """Names in a description as they are compared: in small letters, with and without their word of kind."""
    for part in _BETWEEN_NAMES.split(description):
        name = _folded(part)
        if name:
            yield name
            yield _KIND_WORDS.sub("", name)


def name_forms(name: str) -> frozenset[str]:
    """A unit's name in the forms of :func:`names_in`."""
    folded = _folded(name)
    return frozenset({folded, _KIND_WORDS.sub("", folded)})


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .:")


def _unwrapped(polygon: Sequence[Point]) -> list[Point]:
    """The ring with longitudes that run on over 180 degrees."""
    shifted = [polygon[0]]
    for point in polygon[1:]:
        east = point.longitude
        while east - shifted[-1].longitude > 180:
            east -= 360
        while east - shifted[-1].longitude < -180:
            east += 360
        shifted.append(Point(point.latitude, east))
    return shifted


def _inside(ring: Sequence[Point], point: Point) -> bool:
    inside = False
    for one, other in itertools.pairwise(ring):
        if _on_edge(one, other, point):
            return True
        if (one.latitude > point.latitude) != (other.latitude > point.latitude):
            share = (point.latitude - one.latitude) / (other.latitude - one.latitude)
            if point.longitude < one.longitude + share * (other.longitude - one.longitude):
                inside = not inside
    return inside


def _on_edge(one: Point, other: Point, point: Point) -> bool:
    cross = (other.longitude - one.longitude) * (point.latitude - one.latitude) - (other.latitude - one.latitude) * (
        point.longitude - one.longitude
    )
    if abs(cross) > 1e-12:
        return False
    return min(one.latitude, other.latitude) <= point.latitude <= max(one.latitude, other.latitude) and min(
        one.longitude, other.longitude
    ) <= point.longitude <= max(one.longitude, other.longitude)
