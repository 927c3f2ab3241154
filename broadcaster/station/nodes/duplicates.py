"""Two machines under one identity: somebody copied a card.

Every start of a node has an id of its own (``boot``) and a restart never returns to an earlier one. Two machines do:
they throw each other off the broker and speak in turn.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.rows.inserting import put
from broadcaster.station.schema import Setting

KEPT = 8
"""Starts remembered of each node."""
SHOWN = timedelta(hours=24)
"""So long after they last took turns the board still says so."""
_PREFIX = "boots:"


def note(s: Session, *, node_id: str, boots: tuple[str, str], now_at: datetime) -> None:
    """The node spoke with the second of these ids, and before that with the first."""
    known = s.get(Setting, _PREFIX + node_id, populate_existing=True)
    value = dict(known.value) if known else {"boots": [], "at": None}
    before, boot = boots
    earlier = [each for each in value["boots"] if each != before] + [before]
    if boot in earlier:
        value["at"] = now_at.isoformat()
    value["boots"] = [*(each for each in earlier if each != boot), boot][-KEPT:]
    put(s, Setting, {"key": _PREFIX + node_id, "value": value}, key="key")


def seen(s: Session, *, now_at: datetime) -> set[str]:
    """Ids of the nodes of which two machines spoke lately."""
    chosen = select(Setting).where(Setting.key.startswith(_PREFIX))
    found = s.scalars(chosen.execution_options(populate_existing=True))
    return {
        setting.key.removeprefix(_PREFIX)
        for setting in found
        if setting.value["at"] and now_at - datetime.fromisoformat(setting.value["at"]) < SHOWN
    }
