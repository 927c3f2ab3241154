"""What a gauge says: one number at one instant, in the physical unit the station knows of it."""

import math
from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.codec import Message
from broadcaster.protocol.values import Instant

GaugeId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,38}_[a-z0-9]{1,8}\Z")]
"""Never a node's id, which has no ``_``: the two have accounts at one broker."""
SenderId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,47}\Z")]
"""Who brings the readings of a gauge to the broker: the gauge itself, or the node that reads it."""
MOST_READINGS = 500
"""Of one message."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement.

    at: when it was taken, by the clock of whoever took it.
    value: in the physical unit of the gauge.
    """

    at: Instant
    value: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError("value must be a finite number")


class Readings(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Measurements of one gauge; the same again changes nothing.

    gauge: whose.
    readings: oldest first.
    """

    gauge: GaugeId
    readings: Annotated[tuple[Reading, ...], Meta(min_length=1, max_length=MOST_READINGS)]
