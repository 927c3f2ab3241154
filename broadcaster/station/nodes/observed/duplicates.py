"""Two machines under one identity: somebody copied a card.

Every start of a node has an id of its own (``boot``) and a restart never returns to an earlier one. Two machines do:
they throw each other off the broker and speak in turn.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.rows.inserting import put_many
from broadcaster.station.rows.key_batches import portions
from broadcaster.station.schema import Setting

REMEMBERED = 8
"""Starts remembered of each node."""
SHOWN = timedelta(hours=24)
"""So long after they last took turns the board still says so."""
_PREFIX = "boots:"


def note_all(s: Session, spoken: Mapping[str, Sequence[tuple[str, datetime]]]) -> None:
    """By node the starts it spoke from, one after the other, each with the instant; the first of them was known."""
    for some in portions(sorted(spoken)):
        keys = [_PREFIX + node_id for node_id in some]
        chosen = select(Setting.key, Setting.value).where(Setting.key.in_(keys))
        known = {key: dict(value) for key, value in s.execute(chosen)}
        rows = [
            {"key": key, "value": _remembered(known.get(key, {"boots": [], "at": None}), spoken[node_id])}
            for key, node_id in zip(keys, some, strict=True)
        ]
        put_many(s, Setting, rows, key="key")


def _remembered(value: dict[str, Any], spoken: Sequence[tuple[str, datetime]]) -> dict[str, Any]:
    """``boots`` with these starts, and ``at`` when one of them came back."""
    for (before, _), (boot, at) in pairwise(spoken):
        earlier = [each for each in value["boots"] if each != before] + [before]
        back = at.isoformat() if boot in earlier else value["at"]
        value = {"boots": [*(each for each in earlier if each != boot), boot][-REMEMBERED:], "at": back}
    return value


def seen(s: Session, *, now_at: datetime) -> set[str]:
    """Ids of the nodes of which two machines spoke lately."""
    chosen = select(Setting).where(Setting.key.startswith(_PREFIX))
    found = s.scalars(chosen.execution_options(populate_existing=True))
    return {
        setting.key.removeprefix(_PREFIX)
        for setting in found
        if setting.value["at"] and now_at - datetime.fromisoformat(setting.value["at"]) < SHOWN
    }
