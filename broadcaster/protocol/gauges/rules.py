"""A rule over a gauge, and one that two people allowed to speak by itself."""

import math
from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.gauges.readings import GaugeId, SenderId
from broadcaster.protocol.values import DurationMs, Instant, Sha256, ShortText

AllowanceId = Annotated[str, Meta(pattern=r"^[0-9a-f]{14}\Z")]
"""Short, as it stands in the ids of broadcasts."""


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A second gauge that must agree.

    gauge, sender: which, and who brings its readings.
    limit: it agrees from here on, in the same direction as the rule.
    """

    gauge: GaugeId
    sender: SenderId
    limit: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.limit):
            raise ValueError("limit must be a finite number")


class GaugeRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a gauge is over its limit, and when that is over.

    gauge, sender: which gauge, and who brings its readings.
    limit: a reading counts from here on, included.
    ends: the crossing is over from here on, included; on the other side of ``limit``.
    falling: readings count at ``limit`` and below it, not above.
    in_row: so many readings must count, one after the other.
    lasting_seconds: the first and the last of them must lie so far apart.
    gap_seconds: two readings farther apart are no row: nobody knows what was between them.
    rest_seconds: after the end of a crossing none begins for so long.
    partner: a second gauge whose readings must count in the same way, at most ``gap_seconds`` apart from these.
    """

    gauge: GaugeId
    sender: SenderId
    limit: float
    ends: float
    falling: bool = False
    in_row: Annotated[int, Meta(ge=1, le=100)] = 1
    lasting_seconds: Annotated[int, Meta(ge=0, le=86_400)] = 0
    gap_seconds: Annotated[int, Meta(ge=60, le=86_400)] = 3_600
    rest_seconds: Annotated[int, Meta(ge=600, le=604_800)] = 3_600
    partner: Partner | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.limit) and math.isfinite(self.ends)):
            raise ValueError("limit and ends must be finite numbers")
        if self.ends <= self.limit if self.falling else self.ends >= self.limit:
            raise ValueError("ends must lie on the other side of limit")
        if self.partner and self.partner.gauge == self.gauge:
            raise ValueError("partner must be another gauge")

    @property
    def gauges(self) -> tuple[str, ...]:
        """Whose readings it is judged by."""
        return (self.gauge, self.partner.gauge) if self.partner else (self.gauge,)

    @property
    def senders(self) -> tuple[str, ...]:
        """Who brings them."""
        return (self.sender, self.partner.sender) if self.partner else (self.sender,)


class SpokenRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What two people allowed a node to say by itself, once for each crossing of a rule.

    allowance: id of what they allowed; another rule, text or clip has another.
    rule: when.
    parts: sha256 of the clips that sound one after the other.
    duration_ms: how long all of them sound.
    expires_at: nothing sounds by it from then on.
    board_text: what a screen at the node shows meanwhile.
    """

    allowance: AllowanceId
    rule: GaugeRule
    parts: Annotated[tuple[Sha256, ...], Meta(min_length=1, max_length=64)]
    duration_ms: DurationMs
    expires_at: Instant
    board_text: ShortText = ""
