"""Signs of life of each process that serves this cell: who it is and whether it hears the nodes.

They lie among the other signs of life under a name of their own; ``heartbeats.read`` leaves them out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from broadcaster.station.rows.heartbeats import PROCESS
from broadcaster.station.rows.inserting import put
from broadcaster.station.schema import Heartbeat


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of one process.

    process: its id, new at every start, 16 letters. at: by its own clock; two signs of one process differ in it.
    detail: plain JSON, see ``delivery.intake.companions``.
    """

    process: str
    at: datetime
    detail: Mapping[str, Any]


def give(s: Session, sign: Sign) -> None:
    """Write it down in place of the one before."""
    put(s, Heartbeat, {"name": PROCESS + sign.process, "at": sign.at, "detail": dict(sign.detail)}, key="name")


def read(s: Session) -> list[Sign]:
    """Of every process that did not end in order, in the order of their ids."""
    mine = select(Heartbeat).where(Heartbeat.name.startswith(PROCESS, autoescape=True)).order_by(Heartbeat.name)
    found = s.scalars(mine.execution_options(populate_existing=True))
    return [Sign(each.name.removeprefix(PROCESS), each.at, each.detail) for each in found]


def remove(s: Session, processes: Iterable[str]) -> None:
    """These have ended."""
    for process in sorted(processes):
        s.execute(delete(Heartbeat).where(Heartbeat.name == PROCESS + process))
