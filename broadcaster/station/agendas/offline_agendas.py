"""Agendas that went out by hand: how far ahead a node was promised its broadcasts.

A node takes what leaves its agenda for cancelled, for good. So what a stick promised stays on every later agenda of
that node, also on those that reach it by the link and otherwise look less far ahead.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.rows import settings
from broadcaster.station.schema import Node, Setting

_PREFIX = "carried_until:"


def promise(s: Session, *, node: Node, until_at: datetime) -> None:
    """From now on its agendas reach at least so far; a promise is never shortened."""
    known = horizons(s).get(node.id, until_at)
    settings.write(s, _PREFIX + node.id, max(known, until_at).isoformat())


def horizons(s: Session) -> dict[str, datetime]:
    """By node id, for the nodes that were ever given a stick."""
    chosen = select(Setting).where(Setting.key.startswith(_PREFIX))
    found = s.scalars(chosen.execution_options(populate_existing=True))
    return {setting.key.removeprefix(_PREFIX): datetime.fromisoformat(setting.value) for setting in found}
