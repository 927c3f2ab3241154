"""Signs of life of the station's own parts: "station", "publisher" and "renderer"."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.rows.inserting import put
from broadcaster.station.schema import Heartbeat

PROCESS = "process:"
"""Begins the names of single processes' signs, see ``processes.py``."""
FRESH = timedelta(seconds=60)
"""A part that gave no sign of life for so long stands still."""


def beat(s: Session, name: str, now_at: datetime, detail: dict[str, Any] | None = None) -> None:
    """The part of this name is alive; ``detail`` is plain JSON on how it is."""
    put(s, Heartbeat, {"name": name, "at": now_at, "detail": detail or {}}, key="name")


def read(s: Session) -> dict[str, Heartbeat]:
    """The last sign of every part that ever gave one, by name; of a part that several processes have, the newest."""
    parts = select(Heartbeat).where(~Heartbeat.name.startswith(PROCESS, autoescape=True))
    newest = parts.order_by(Heartbeat.name).execution_options(populate_existing=True)
    return {heartbeat.name: heartbeat for heartbeat in s.scalars(newest)}


def hears_nodes(s: Session, *, now_at: datetime) -> bool:
    """Whether what the nodes say reaches the station now."""
    publisher = read(s).get("publisher")
    return publisher is not None and now_at - publisher.at <= FRESH and publisher.detail.get("connected") is not False
