"""A session becomes a broadcast: frozen as every other, but that its sound is still to come."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from broadcaster.errors import Conflict
from broadcaster.station.agendas import live_items
from broadcaster.station.broadcasts.freezing import BroadcastPlan, Content, freeze_content
from broadcaster.station.live import choices
from broadcaster.station.live.steps import zones_of
from broadcaster.station.rows import changes, settings
from broadcaster.station.schema import Broadcast, Clip, LiveSessionRow, Node, Person
from broadcaster.station.units.units import nodes_of
from broadcaster.station.vocabulary.states import LiveState

LEAD = timedelta(seconds=1.5)
"""From the press to the chime: agendas are on their way meanwhile."""
GRACE = timedelta(seconds=60)
"""Behind its end a node may still be busy with it."""


def put_on_air(
    s: Session,
    session: LiveSessionRow,
    *,
    by: Person | None,
    now_at: datetime,
    start_at: datetime | None = None,
    nodes: Sequence[Node] | None = None,
) -> Broadcast:
    """Freeze it for its nodes, the chime in a moment or at ``start_at``.

    Raises Conflict when the station has not made its chime yet.
    """
    chosen = list(nodes) if nodes is not None else nodes_of(s, zones_of(s, session))
    chime = s.get(Clip, settings.read(s, live_items.CHIMES, {}).get(session.broadcast_class, ""))
    if chime is None:
        raise Conflict("live.station_not_ready")
    content = Content(
        announcement_id=None,
        title=session.title,
        script="",
        broadcast_class=session.broadcast_class,
        drill=session.drill,
        clip_sha256=chime.sha256,
        content_hash=hashlib.sha256(f"live {session.id}".encode()).hexdigest(),
    )
    plan = BroadcastPlan(start_at=start_at or now_at + LEAD, nodes=chosen, live=start_at is None)
    broadcast = freeze_content(s, content, plan, by=by, now_at=now_at)
    broadcast.live_session_id = session.id
    broadcast.duration_ms = chime.duration_ms + session.longest_ms
    broadcast.expires_at = broadcast.start_at + timedelta(milliseconds=broadcast.duration_ms) + GRACE
    session.broadcast_id, session.state = broadcast.id, LiveState.OPEN
    session.delay_ms = choices.delay_ms(s, chosen)
    fallback = settings.read(s, live_items.FALLBACK, "")
    session.fallback = session.fallback or ([fallback] if fallback and s.get(Clip, fallback) else [])
    changes.bump(s, "live")
    s.flush()
    return broadcast
