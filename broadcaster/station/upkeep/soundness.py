"""Whether the database itself is whole: asked every few hours, as what nobody reads is missed by nobody."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from broadcaster.errors import Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import heartbeats

NAME = "database"
"""Of the row among the signs of life."""


def fault(database: Database) -> Reason | None:
    """Why it is not; None for one that is. PostgreSQL looks after itself."""
    if database.url.get_backend_name() != "sqlite":
        return None
    try:
        with database.reading() as s:
            answer = str(s.scalar(text("PRAGMA quick_check(1)")))
    except Unavailable as error:
        if error.code != "database.damaged":
            raise
        return error.reason
    return None if answer == "ok" else Reason("database.damaged", cause=answer[:200])


def note(s: Session, found: Reason | None, *, now_at: datetime) -> None:
    """For health and the home page."""
    heartbeats.beat(s, NAME, now_at, {"damaged": found is not None})


def is_damaged(s: Session) -> bool:
    """As of the last look."""
    beat = heartbeats.read(s).get(NAME)
    return beat is not None and bool(beat.detail["damaged"])
