"""Broadcasts that begin at a node: their ids and times follow from what was allowed and when the crossing began."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from broadcaster.protocol.agenda import AgendaItem
from broadcaster.protocol.gauges.rules import SpokenRule
from broadcaster.protocol.values import BroadcastClass

PREFIX = "gauge-"
"""Begins their ids, and no other's."""
WORTH = timedelta(minutes=30)
"""A warning that could not sound so long after the crossing began is worth nothing any more."""
_ID = re.compile(r"^gauge-(?P<allowance>[0-9a-f]{14})-(?P<seconds>[1-9][0-9]{8,9})\Z")


@dataclass(frozen=True, slots=True)
class Birth:
    """allowance: by which it may sound; crossed_at: when the crossing began, whole seconds."""

    allowance: str
    crossed_at: datetime

    @property
    def broadcast(self) -> str:
        """Its id."""
        return f"{PREFIX}{self.allowance}-{int(self.crossed_at.timestamp())}"


def birth_of(broadcast: str) -> Birth | None:
    """What an id says; None for every other broadcast's."""
    found = _ID.match(broadcast)
    if found is None:
        return None
    return Birth(found["allowance"], datetime.fromtimestamp(int(found["seconds"]), UTC))


def expires_at(crossed_at: datetime, duration_ms: int) -> datetime:
    """When its last sample must have sounded."""
    return crossed_at + timedelta(milliseconds=duration_ms) + WORTH


def item(spoken: SpokenRule, birth: Birth) -> AgendaItem:
    """What the node plays: an emergency, once, from the instant the crossing began."""
    return AgendaItem(
        broadcast=birth.broadcast,
        parts=spoken.parts,
        broadcast_class=BroadcastClass.EMERGENCY,
        start_at=birth.crossed_at,
        expires_at=expires_at(birth.crossed_at, spoken.duration_ms),
        duration_ms=spoken.duration_ms,
        live=True,
        resume=True,
        board_text=spoken.board_text,
    )
