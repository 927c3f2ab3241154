"""Bodies about streams of other stations and the slots that relay them."""

from datetime import datetime
from typing import Literal

import msgspec

from web.api.bodies import Answer, Request


class NewRelaySource(Request, frozen=True, kw_only=True):
    """addresses: of http or https, in the order in which they are asked: HLS, Icecast, or a file of sound."""

    name: str
    addresses: list[str]


class RelaySource(Answer, frozen=True, kw_only=True):
    """probed_at: when it was last tried, ten minutes before each taking; trouble: why an address gave no sound then."""

    id: str
    name: str
    addresses: list[str]
    probed_at: datetime | None
    trouble: str | None


class SlotRelayChoice(Request, frozen=True, kw_only=True):
    """What a slot relays before its announcements.

    sources: ids, in order.
    way: ``recorded``, taken first and then aired from the nodes' own disks, or ``live``, aired while it comes.
    minutes: how long.
    lead_minutes: how long before the slot begins the taking begins; null: five minutes more than it lasts. 0 of what
        is aired while it comes.
    ending: how the last seconds sound.
    volume_db: against announcements, -12 to 6.
    """

    sources: list[str]
    minutes: int
    lead_minutes: int | None = None
    ending: Literal["fade", "cut"] = "fade"
    volume_db: int = 0
    way: Literal["recorded", "live"] = "recorded"


class SlotRelay(Answer, frozen=True, kw_only=True):
    """seal: of all that an approval is given to; approved: whether somebody released it as it is.

    steps: what the caller may do with it now: choose, approve, remove.

    month_megabytes: what a node's link carries for it in thirty days.
    """

    sources: list[str]
    minutes: int
    lead_minutes: int
    ending: str
    volume_db: int
    way: str
    seal: str
    approved: bool
    approved_by: str | None
    month_megabytes: int
    steps: list[str]


class SeenRelay(Request, frozen=True, kw_only=True):
    """seal: as GET told it."""

    seal: str = msgspec.field()
