"""The hamlets to choose from on a drawn map, beside the list: whoever knows the land finds them quicker."""

from collections.abc import Sequence

from broadcaster.station.schema import Zone
from broadcaster.station.units import settings as unit_settings
from web.drawing import maps

FEWEST = 3
"""Fewer places need no map."""


def sheet(zones: Sequence[Zone]) -> maps.MapSheet | None:
    """Every zone that is a unit whose place is known; None when too few are."""
    places = [
        maps.MapPlace(zone.id, zone.name, position, mark=False)
        for zone in zones
        if zone.unit is not None
        and zone.unit.kind == "hamlet"
        and (position := unit_settings.of(zone.unit).position) is not None
    ]
    return maps.drawn(places) if len(places) >= FEWEST else None
