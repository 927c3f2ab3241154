"""A relay that is aired while it comes: a piece of the programme whose sound is still to be made."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.agendas import live_items
from broadcaster.station.broadcasts.freezing import Content
from broadcaster.station.clips import tunes
from broadcaster.station.relays import slot_relays
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import Broadcast, Clip, LiveSessionRow, Slot, SlotRelay
from broadcaster.station.vocabulary.states import LiveKind, LiveState

GRACE = timedelta(seconds=20)
"""Behind its end a node may still be busy with it; it never sounds longer."""
MOST_FILLERS = 6
"""So often the slot's filler follows the sentence that plays while nothing comes."""


def content_of(s: Session, relay: SlotRelay) -> Content | None:
    """The chime and the live sound behind it, together as long as was chosen; None while the chime is not made."""
    chime = s.get(Clip, settings.read(s, live_items.CHIMES, {}).get(BroadcastClass.ROUTINE, ""))
    if chime is None:
        return None
    title = slot_relays.title(s, relay)
    return Content(
        announcement_id=None,
        title=title,
        script=f"♫ {title}",
        broadcast_class=BroadcastClass.ROUTINE,
        drill=False,
        clip_sha256=chime.sha256,
        content_hash=content_hash(slot_relays.seal(s, relay)),
        live_ms=max(1000, relay.minutes * 60_000 - chime.duration_ms),
    )


def content_hash(seal: str) -> str:
    """What the broadcast is named by, of what was released."""
    return hashlib.sha256(f"live\n{seal}".encode()).hexdigest()


def attach(s: Session, broadcast: Broadcast, slot: Slot, *, now_at: datetime) -> None:
    """The session that will sound in this broadcast of a date of the slot; doing so again brings it up to date."""
    session = s.get(LiveSessionRow, broadcast.live_session_id) if broadcast.live_session_id else None
    if session is None:
        session = planned(broadcast, now_at=now_at)
        s.add(session)
        s.flush()
        broadcast.live_session_id = session.id
        broadcast.expires_at = broadcast.start_at + timedelta(milliseconds=broadcast.duration_ms) + GRACE
        changes.bump(s, "agendas")
    zones, fallback = [zone.id for zone in slot.zones], fallback_of(s, slot)
    if (session.zones, session.fallback) != (zones, fallback):
        session.zones, session.fallback = zones, fallback
        changes.bump(s, "agendas")


def planned(broadcast: Broadcast, *, now_at: datetime) -> LiveSessionRow:
    """A session for this broadcast, which has the chime and whose length counts the sound behind it, too."""
    return LiveSessionRow(
        kind=LiveKind.RELAY,
        state=LiveState.PLANNED,
        title=broadcast.title,
        zones=[],
        broadcast_class=broadcast.broadcast_class,
        longest_ms=broadcast.duration_ms,
        gives_way=True,
        fallback=[],
        asked_at=now_at,
        broadcast_id=broadcast.id,
    )


def detach(s: Session, broadcast: Broadcast, *, now_at: datetime) -> None:
    """The broadcast is called off before its time: its session will never be."""
    if broadcast.live_session_id is None:
        return
    chosen = select(LiveSessionRow).where(LiveSessionRow.id == broadcast.live_session_id)
    session = s.scalars(chosen).unique().one_or_none()
    if session is not None and session.state is LiveState.PLANNED:
        session.state, session.ended_at, session.end_reason = LiveState.ENDED, now_at, "cancelled"


def fallback_of(s: Session, slot: Slot) -> list[str]:
    """What nodes play while nothing comes: the sentence that says so, then the slot's own filler."""
    sentence = s.get(Clip, settings.read(s, live_items.RELAY_FALLBACK, ""))
    filler = tunes.usable(s, [slot.filler_id]).get(slot.filler_id) if slot.filler_id else None
    music = [filler.clip_sha256] * MOST_FILLERS if filler is not None and filler.clip_sha256 else []
    return [*([sentence.sha256] if sentence else []), *music]
