"""How many rows of each kind are in each state, for watching programs."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from broadcaster.station.schema import Announcement, Broadcast, Delivery, RenderJob

STATES: dict[str, InstrumentedAttribute[Any]] = {
    "announcements": Announcement.state,
    "broadcasts": Broadcast.state,
    "deliveries": Delivery.state,
    "render_jobs": RenderJob.state,
}


def state_counts(s: Session, kind: str) -> dict[str, int]:
    """``kind`` is one of STATES; a state in which there is none is left out."""
    state = STATES[kind]
    return {str(each): count for each, count in s.execute(select(state, func.count()).group_by(state))}
