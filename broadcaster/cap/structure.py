"""The shape of a CAP 1.2 document: what stands where, how often, and what may be in it (``data/elements.tsv``).

The order and the counts are those of the OASIS schema; elements of other name spaces may follow the standard's own.
"""

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from broadcaster.cap.values import Circle, Point, Reference
from broadcaster.errors import Invalid

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LONGEST_TEXT = 30_000
MOST_POINTS = 20_000
_DATA = Path(__file__).parent / "data" / "elements.tsv"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_NOT_IN_A_NAME = re.compile(r"[\s,<&]")


class ElementRule(NamedTuple):
    """least, most: how often; most is None without an end. kind: of content, or the words it may be."""

    element: str
    least: int
    most: int | None
    kind: str


@cache
def rules() -> dict[str, tuple[ElementRule, ...]]:
    """The elements of each parent, in their order."""
    found: dict[str, list[ElementRule]] = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines()[1:]:
        parent, element, least, most, kind = line.split("\t")
        found.setdefault(parent, []).append(ElementRule(element, int(least), None if most == "*" else int(most), kind))
    return {parent: tuple(each) for parent, each in found.items()}


def check(element: Element, parent: str = "alert") -> None:
    """Raises Invalid that names the first element that is missing, too many, out of place, or says what it may not."""
    position, expected, ours = 0, rules()[parent], True
    counts = dict.fromkeys((each.element for each in expected), 0)
    for child in element:
        namespace, name = split(child.tag)
        if namespace != NAMESPACE:
            ours = False
            continue
        position = _place(expected, name, position, parent=parent, late=not ours)
        counts[name] += 1
        _check_content(child, expected[position])
    for rule in expected:
        _check_count(rule, counts[rule.element], parent)


def _place(expected: tuple[ElementRule, ...], name: str, position: int, *, parent: str, late: bool) -> int:
    places = [index for index, rule in enumerate(expected) if rule.element == name]
    if not places:
        raise Invalid("cap.element_unknown", element=name, parent=parent)
    if places[0] < position or late:
        raise Invalid("cap.element_out_of_place", element=name, parent=parent)
    return places[0]


def _check_count(rule: ElementRule, count: int, parent: str) -> None:
    if count < rule.least:
        raise Invalid("cap.element_missing", element=rule.element, parent=parent)
    if rule.most is not None and count > rule.most:
        raise Invalid("cap.element_twice", element=rule.element, parent=parent)


def _check_content(child: Element, rule: ElementRule) -> None:
    if rule.kind in rules():
        return check(child, rule.kind)
    text = text_of(child)
    if len(child):
        raise Invalid("cap.element_not_plain", element=rule.element)
    if len(text) > (LONGEST_TEXT if rule.kind != "polygon" else 40 * MOST_POINTS):
        raise Invalid("cap.element_too_long", element=rule.element)
    if rule.kind in _CONTENT:
        _CONTENT[rule.kind](text, rule.element)
    elif rule.kind != "text" and text not in rule.kind.split():
        raise Invalid("cap.word_unknown", element=rule.element, word=text[:60])
    return None


def split(tag: object) -> tuple[str, str]:
    """Name space and name of an element; a comment or an instruction has neither."""
    namespace, _, name = str(tag).rpartition("}")
    return namespace.lstrip("{"), name


def text_of(element: Element | None) -> str:
    """What stands in it, without blanks at the ends."""
    return (element.text or "").strip() if element is not None else ""


def identifier(text: str, element: str) -> str:
    """A name without blank, comma, ``<`` and ``&``. Raises Invalid."""
    if not text or len(text) > 400 or _NOT_IN_A_NAME.search(text):
        raise Invalid("cap.name_malformed", element=element)
    return text


def moment(text: str, element: str) -> datetime:
    """An instant with its distance from UTC in hours and minutes; ``Z`` is not of this standard. Raises Invalid."""
    try:
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise Invalid("cap.time_malformed", element=element, written=text[:40])


def references(text: str, element: str = "references") -> tuple[Reference, ...]:
    """``sender,identifier,sent`` and so on, with blanks between. Raises Invalid."""
    found = []
    for each in text.split():
        parts = each.split(",")
        if len(parts) != 3:
            raise Invalid("cap.reference_malformed", written=each[:80])
        found.append(Reference(identifier(parts[0], element), identifier(parts[1], element), moment(parts[2], element)))
    return tuple(found)


def polygon(text: str, element: str = "polygon") -> tuple[Point, ...]:
    """At least four points, of which the last is the first. Raises Invalid."""
    points = tuple(_points(text, element))
    if len(points) > MOST_POINTS:
        raise Invalid("cap.element_too_long", element=element)
    if len(points) < 4 or points[0] != points[-1]:
        raise Invalid("cap.polygon_open")
    return points


def circle(text: str, element: str = "circle") -> Circle:
    """``latitude,longitude radius``, the radius in kilometres. Raises Invalid."""
    centre, _, radius = text.partition(" ")
    found, radius_km = list(_points(centre, element)), number(radius.strip(), element)
    if len(found) != 1 or radius_km < 0:
        raise Invalid("cap.place_malformed", element=element, written=text[:60])
    return Circle(found[0], radius_km)


def number(text: str, element: str) -> float:
    """Raises Invalid."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or "_" in text:
        raise Invalid("cap.place_malformed", element=element, written=text[:60])
    return found


def _points(text: str, element: str) -> Iterator[Point]:
    for each in text.split():
        latitude, comma, longitude = each.partition(",")
        found = Point(number(latitude, element), number(longitude, element))
        if not comma or abs(found.latitude) > 90 or abs(found.longitude) > 180:
            raise Invalid("cap.place_malformed", element=element, written=each[:60])
        yield found


_CONTENT: dict[str, Callable[[str, str], object]] = {
    "id": identifier,
    "time": moment,
    "references": references,
    "polygon": polygon,
    "circle": circle,
    "number": number,
}
