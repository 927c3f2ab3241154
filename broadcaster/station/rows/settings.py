"""The commune's own choices, made in the console and kept in the database."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.station.rows import changes
from broadcaster.station.rows.inserting import put
from broadcaster.station.schema import Setting


def read(s: Session, key: str, default: Any = None) -> Any:
    """The value, or ``default`` when nobody ever chose."""
    setting = s.get(Setting, key, populate_existing=True)
    return default if setting is None else setting.value


def read_all(s: Session, *keys: str) -> dict[str, Any]:
    """What was chosen of these, by key, in one question."""
    chosen = s.execute(select(Setting.key, Setting.value).where(Setting.key.in_(keys)))
    return {each.key: each.value for each in chosen}


def write(s: Session, key: str, value: Any) -> None:
    """Choose. ``value`` is plain JSON. Agendas follow, as policy may have changed."""
    put(s, Setting, {"key": key, "value": value}, key="key")
    changes.bump(s, "agendas")
