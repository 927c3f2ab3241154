"""A copy out of a backup on its way to be the station: what it has to know before it speaks to anybody."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import create_engine, text, update
from sqlalchemy.orm import Session

from broadcaster.station.copies import own_copy
from broadcaster.station.database.copies import shut_out
from broadcaster.station.database.copies.facts import numbering
from broadcaster.station.database.copies.shut_out import ShutOut
from broadcaster.station.schema import LoginSession, NodeState


def prepare(url: str, *, known: Iterable[ShutOut], now_at: datetime) -> list[ShutOut]:
    """Numbers go on above all that may have been issued since; nobody is online who was not heard; who was shut out
    later, as in ``known``, stays so: those are returned. Everybody signs in anew: sessions that a person ended since
    are forgotten here.
    """
    engine = create_engine(url)
    try:
        with Session(engine) as s, s.begin():
            for statement in numbering(now_at):
                s.execute(text(statement), {"nothing": b""})
            s.execute(update(NodeState).values(online=False))
            s.execute(update(LoginSession).where(LoginSession.ended_at.is_(None)).values(ended_at=now_at))
            own_copy.mark_restored(s)
            return shut_out.keep(s, known)
    finally:
        engine.dispose()
