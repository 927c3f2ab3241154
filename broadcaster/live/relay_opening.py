"""How a relay goes on air: what the database says of it, and the feed that pulls its streams."""

import time
from datetime import timedelta

from sqlalchemy.orm import Session

from broadcaster.audio.settings import AudioSettings
from broadcaster.live.relay import OpenFeed, RelayPlan
from broadcaster.live.relay_feed import RelayFeed
from broadcaster.relays.process import Order, pulled
from broadcaster.relays.relaying import Relayed
from broadcaster.relays.settings import RelaySettings
from broadcaster.station.relays import takes
from broadcaster.station.relays.takes import DueTake
from broadcaster.station.schema import LiveSessionRow

LONGEST_SECONDS = 4 * 3600.0
_BYTES_A_SECOND_OF_STREAM, _BYTES_AT_LEAST = 80_000, 8_000_000


def plan(s: Session, row: LiveSessionRow, *, parts_ms: int, settings: RelaySettings) -> RelayPlan | None:
    """What is aired; None when it is released no more."""
    due = takes.of_broadcast(s, row.broadcast) if row.broadcast else None
    if due is None or row.broadcast is None:
        return None
    give_up = timedelta(seconds=settings.give_up_seconds)
    return RelayPlan(due=due, parts_ms=parts_ms, until_ms=row.broadcast.duration_ms, give_up=give_up)


def feeds(settings: RelaySettings, audio: AudioSettings) -> OpenFeed:
    """Each stream is pulled by a process of its own."""
    most_bytes = _BYTES_AT_LEAST + round(LONGEST_SECONDS * _BYTES_A_SECOND_OF_STREAM)

    def opened(due: DueTake) -> RelayFeed:
        seconds = (due.until_at - due.begin_at).total_seconds() + 120
        relayed = Relayed(
            due.addresses,
            lambda address: pulled(Order(address, min(seconds, LONGEST_SECONDS), most_bytes), settings),
            settings,
            time.monotonic,
            holds_silence=False,
        )
        return RelayFeed(relayed, lufs=audio.loudness_lufs + due.volume_db)

    return opened
