"""Inserts that two processes may do at once, on SQLite and PostgreSQL: the second neither fails nor doubles."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from broadcaster.station.schema import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_once(s: Session, table: type[Base], **values: Any) -> Insert:
    """Insert the row unless one of its key is there already."""
    return _insert(s, table).values(values).on_conflict_do_nothing()


def put(s: Session, table: type[Base], values: Mapping[str, Any], *, key: str) -> None:
    """Insert the row, or give the one of its ``key`` these values."""
    others = {name: value for name, value in values.items() if name != key}
    s.execute(_insert(s, table).values(values).on_conflict_do_update(index_elements=[key], set_=others))


def _insert(s: Session, table: type[Base]) -> Insert:
    return postgresql.insert(table) if s.get_bind().dialect.name == "postgresql" else sqlite.insert(table)
