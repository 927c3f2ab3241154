"""Signs of life of the station's own parts: "station", "publisher" and "renderer"."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.schema import Heartbeat


def beat(s: Session, name: str, now_at: datetime, detail: dict[str, Any] | None = None) -> None:
    """The part of this name is alive; ``detail`` is plain JSON on how it is."""
    s.merge(Heartbeat(name=name, at=now_at, detail=detail or {}))


def read(s: Session) -> dict[str, Heartbeat]:
    """The last sign of every part that ever gave one, by name."""
    return {heartbeat.name: heartbeat for heartbeat in s.scalars(select(Heartbeat))}
