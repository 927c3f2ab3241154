"""What is live here, for other stations that relay it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from broadcaster.errors import Unavailable
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.live import choices
from broadcaster.station.schema import LiveSessionRow
from broadcaster.station.vocabulary.states import LiveState

LINGER = timedelta(seconds=30)
"""So long after its end a session is still offered, so that its last words are fetched."""


@dataclass(frozen=True, slots=True)
class OfferedSession:
    """session: its id; began_at: its first sound; recording_sha256: the clip of the whole, None while it goes on."""

    session: str
    began_at: datetime
    recording_sha256: str | None


def on_air(s: Session, *, now_at: datetime, session_id: str | None = None) -> OfferedSession:
    """The session that began last, or the one that is named: no alarm and no exercise, as those are nobody else's.

    Raises Unavailable when nothing is live, and when the commune does not offer it.
    """
    over = (LiveSessionRow.state == LiveState.ENDED) & (LiveSessionRow.closed_at > now_at - LINGER)
    chosen = select(LiveSessionRow).where(
        LiveSessionRow.sounding_at.is_not(None),
        LiveSessionRow.broadcast_class != BroadcastClass.EMERGENCY,
        LiveSessionRow.drill.is_(False),
        or_(LiveSessionRow.state == LiveState.OPEN, over & LiveSessionRow.recording_sha256.is_not(None)),
    )
    if session_id is not None:
        chosen = chosen.where(LiveSessionRow.id == session_id)
    latest = chosen.order_by(LiveSessionRow.sounding_at.desc(), LiveSessionRow.id).limit(1)
    row = s.scalars(latest).unique().one_or_none() if choices.is_offered(s) else None
    if row is None or row.sounding_at is None:
        raise Unavailable("live.nothing_on_air")
    return OfferedSession(row.id, row.sounding_at, row.recording_sha256)
