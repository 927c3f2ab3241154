"""The small words every message is made of: identifiers, instants, states and units."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

NodeId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}\Z")]
StationId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,47}\Z")]
BroadcastId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}\Z")]
SessionId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}\Z")]
ReceiptId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}\Z")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Instant = Annotated[datetime, Meta(tz=True)]
DurationMs = Annotated[int, Meta(ge=0, le=86_400_000)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Percent = Annotated[int, Meta(ge=0, le=100)]
MinuteOfDay = Annotated[int, Meta(ge=0, le=1440)]
ShortText = Annotated[str, Meta(max_length=400)]
IssuerId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,64}\Z")]
"""One running copy of a station: made anew by an installation, a restore or a take-over, so that two copies with one
key differ. Empty from stations that do not say it."""
KeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{0,64}\Z")]
"""Fingerprint of a public key, see ``signing.key_id``."""
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,47}\Z")]
"""Name of a reason or a trouble; its sentences stand in tables per language where people read it."""
Facts = Annotated[
    dict[Annotated[str, Meta(max_length=40)], Annotated[str, Meta(max_length=200)] | int], Meta(max_length=8)
]
"""What a sentence about a code has to name: a device, a count, the kernel's own words."""


class BroadcastClass(StrEnum):
    """The three classes of Circular 39/2020/TT-BTTTT."""

    ROUTINE = "routine"
    PRIORITY = "priority"
    EMERGENCY = "emergency"


class DeliveryState(StrEnum):
    """Where one broadcast stands on its way to one node. All but PLANNED are stated by the node."""

    PLANNED = "planned"
    STORED = "stored"
    PLAYING = "playing"
    PLAYED = "played"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    MISSED = "missed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class ClockState(StrEnum):
    """How far a node may trust its own clock."""

    SYNCED = "synced"
    HOLDOVER = "holdover"
    UNSYNCED = "unsynced"
