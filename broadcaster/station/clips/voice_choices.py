"""Which voice speaks where an announcement leaves it open: by its class, by the hamlet it is for, by the station.

What an announcement asks for itself goes before all of it. An alarm keeps to the voice of its class, which needs no
internet; anything else takes the hamlet's voice when it is for that hamlet alone, else the voice of its class.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.speech import AUTO, OFFLINE
from broadcaster.station.rows import settings
from broadcaster.station.schema import Announcement, Zone

KEY = "voice.choices"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceChoices:
    """routine, priority, emergency: how a voice is asked for; hamlets: the same by the id of the unit."""

    routine: str = AUTO
    priority: str = AUTO
    emergency: str = OFFLINE
    hamlets: Mapping[str, str] = field(default_factory=dict)

    def by_class(self, broadcast_class: str) -> str:
        return str(getattr(self, str(broadcast_class)))


def read(s: Session) -> VoiceChoices:
    """What the commune chose."""
    return VoiceChoices(**settings.read(s, KEY, {}))


def wanted(announcement: Announcement, choices: VoiceChoices) -> str:
    """How the voice of this announcement is asked for, ``auto`` where nobody chose any."""
    if announcement.voice != AUTO:
        return announcement.voice
    chosen = choices.by_class(announcement.broadcast_class)
    if announcement.broadcast_class is BroadcastClass.EMERGENCY:
        return chosen
    return of_hamlet(announcement.zones, choices) or chosen


def of_hamlet(zones: Iterable[Zone], choices: VoiceChoices) -> str | None:
    """The voice of the one hamlet that all these zones belong to; None for several, or where it has none."""
    units = {zone.unit_id for zone in zones}
    only = next(iter(units)) if len(units) == 1 else None
    return choices.hamlets.get(only) if only is not None else None
