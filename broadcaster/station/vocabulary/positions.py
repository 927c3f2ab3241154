"""Places on the earth as people paste them from a map: ``22.1504, 105.8702``. Pure."""

import re

from broadcaster.errors import Invalid

_PAIR = re.compile(r"^\(?\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*(?:[;\s]|,\s)\s*(-?\d{1,3}(?:[.,]\d+)?)\s*°?\s*\)?$")
_TIGHT = re.compile(r"^\(?\s*(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+)\s*\)?$")

Position = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


def parse(text: str) -> Position | None:
    """None for nothing at all. Raises Invalid(field="position")."""
    if not text.strip():
        return None
    found = _TIGHT.match(text.strip()) or _PAIR.match(text.strip())
    if not found:
        raise Invalid("value.position_malformed", field="position")
    latitude, longitude = (float(each.replace(",", ".")) for each in found.groups())
    return checked(latitude, longitude)


def checked(latitude: float, longitude: float) -> Position:
    """Raises Invalid(field="position") for what is not on the earth."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Invalid("value.position_malformed", field="position")
    return latitude, longitude


def written(latitude: float | None, longitude: float | None) -> str:
    """As ``parse`` reads it; empty when unknown."""
    return "" if latitude is None or longitude is None else f"{latitude:.5f}, {longitude:.5f}"
