"""A live source in the place of clips, and how a node fares with it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from broadcaster.protocol.values import Count, DurationMs, SessionId, Sha256

LONGEST_MS = 4 * 3_600_000
"""No session lasts longer, whatever a commune allows."""


class LiveSource(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agenda item plays behind its parts: sound that is being made now.

    session: its id, in the topic of its packets and in each one's signature.
    longest_ms: the session ends by itself when so much of it has sounded.
    fallback: clips that play while nothing has come for five seconds.
    gives_way: whatever else is due cuts it, and afterwards it goes on: a relay, beside the commune's own words.
    ends_ms: milliseconds from the item's ``start_at`` to the exact end, once that is known; 0 before.
    """

    session: SessionId
    longest_ms: Annotated[int, Meta(ge=1, le=LONGEST_MS)]
    fallback: Annotated[tuple[Sha256, ...], Meta(max_length=8)] = ()
    gives_way: bool = False
    ends_ms: DurationMs = 0


class LiveHearing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a node hears a session, while it lasts.

    session: which.
    heard_ms: sound of it that left the device.
    lost_ms: of what should have sounded so far, what did not come in time.
    late_ms: from the station's sending to the arrival, for the slowest of twenty packets; it says
        which delay a session needs.
    silent: nothing has come for five seconds.
    refused: packets that were forged, foreign, repeated, too many or too early.
    """

    session: SessionId
    heard_ms: DurationMs = 0
    lost_ms: DurationMs = 0
    late_ms: DurationMs = 0
    silent: bool = False
    refused: Count = 0
