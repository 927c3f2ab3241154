"""Inserts that two processes may do at once, on SQLite and PostgreSQL: the second neither fails nor doubles."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
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


def put_many(s: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """The same for many rows of the same columns, past the objects SQLAlchemy watches: thousands in one go."""
    statement = _insert(s, Base.metadata.tables[table.__tablename__])
    others = {name: statement.excluded[name] for name in rows[0] if name != key}
    s.connection().execute(statement.on_conflict_do_update(index_elements=[key], set_=others), [*rows])


def insert_many_once(s: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert these rows of the same columns, but for those whose key is there already."""
    statement = _insert(s, Base.metadata.tables[table.__tablename__])
    s.connection().execute(statement.on_conflict_do_nothing(), [*rows])


def upsert(s: Session, table: Table, values: Mapping[str, Any], *, higher: str | None = None) -> None:
    """Insert the row, or give the one of its primary key these values; with ``higher`` only while that column rises."""
    keys = [column.name for column in table.primary_key.columns]
    statement = _insert(s, table).values(dict(values))
    others = {name: statement.excluded[name] for name in values if name not in keys}
    if not others:
        s.execute(statement.on_conflict_do_nothing())
        return
    rises = statement.excluded[higher] > table.c[higher] if higher else None
    s.execute(statement.on_conflict_do_update(index_elements=keys, set_=others, where=rises))


def _insert(s: Session, table: type[Base] | Table) -> Insert:
    return postgresql.insert(table) if s.get_bind().dialect.name == "postgresql" else sqlite.insert(table)
