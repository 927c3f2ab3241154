"""What a CAP message says, as values."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Point(NamedTuple):
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Circle:
    """radius_km: kilometres."""

    centre: Point
    radius_km: float


@dataclass(frozen=True, slots=True)
class Area:
    """Where an alert holds.

    description: names, as the sender wrote them.
    polygons: closed rings, the first point is the last one too.
    geocodes: (name of the coding, code).
    """

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AlertInfo:
    """An alert in one language.

    categories, response_types, urgency, severity, certainty: words of the standard.
    words: to be said as they stand, instead of headline, description and instruction: a person looked them over.
    effective_at, onset_at, expires_at: None where the sender says nothing.
    """

    language: str
    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    response_types: tuple[str, ...] = ()
    effective_at: datetime | None = None
    onset_at: datetime | None = None
    expires_at: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    areas: tuple[Area, ...] = ()
    words: str = ""


class Reference(NamedTuple):
    """Which earlier message is meant."""

    sender: str
    identifier: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """One message.

    status, message_type, scope: words of the standard (``Actual``, ``Update``, ``Public``).
    signed: its words were taken out of what the pinned certificate signed, and of nothing else.
    """

    identifier: str
    sender: str
    sent_at: datetime
    status: str
    message_type: str
    scope: str
    references: tuple[Reference, ...] = ()
    infos: tuple[AlertInfo, ...] = field(default=())
    note: str = ""
    signed: bool = False

    @property
    def reference(self) -> Reference:
        """How others refer to it."""
        return Reference(self.sender, self.identifier, self.sent_at)
