"""What an agenda says of live sound, and the clips every node holds for it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.protocol.live.source import LiveSource
from broadcaster.station.rows import settings
from broadcaster.station.schema import Broadcast, Clip, LiveSessionRow

CHIMES = "live_chimes"
"""Setting: sha256 of the clip of each chime, by the class it opens; made by the station at its start."""
FALLBACK = "live_fallback"
"""Setting: sha256 of the clip that plays while nothing comes of a microphone."""
RELAY_FALLBACK = "relay_fallback"
"""Setting: the same while nothing comes of a relay."""


def sources(s: Session, broadcasts: Iterable[Broadcast]) -> dict[str, LiveSource]:
    """The source of each of these broadcasts that carries a session, by the broadcast's id."""
    by_session = {each.live_session_id: each for each in broadcasts if each.live_session_id}
    if not by_session:
        return {}
    chosen = select(LiveSessionRow).where(LiveSessionRow.id.in_(by_session)).order_by(LiveSessionRow.id)
    return {by_session[row.id].id: _source(row) for row in s.scalars(chosen.execution_options(populate_existing=True))}


def stored(s: Session) -> list[str]:
    """What every node holds beforehand, so that a session begins at once."""
    named = [
        *settings.read(s, CHIMES, {}).values(),
        *(settings.read(s, each, "") for each in (FALLBACK, RELAY_FALLBACK)),
    ]
    known = set(s.scalars(select(Clip.sha256).where(Clip.sha256.in_(named))))
    return [sha256 for sha256 in dict.fromkeys(named) if sha256 in known]


def _source(row: LiveSessionRow) -> LiveSource:
    return LiveSource(
        session=row.id,
        longest_ms=row.longest_ms,
        fallback=tuple(row.fallback),
        gives_way=row.gives_way,
        ends_ms=row.ends_ms,
    )
