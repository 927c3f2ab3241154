"""Who was shut out of a station: what no older copy of it may give back in silence."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Column, ColumnElement, Engine, Table, create_engine, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from broadcaster.station.schema import ApiToken, Base, Node, Person

Kind = Literal["node", "person", "token"]


class ShutOut(msgspec.Struct, frozen=True, order=True):
    """kind: a node revoked, a person disabled, a program's token ended; at: when; name: as it is shown."""

    kind: Kind
    id: str
    name: str
    at: datetime


_COLUMNS: dict[Kind, tuple[type[Base], str, str]] = {
    "node": (Node, "name", "revoked_at"),
    "person": (Person, "full_name", "disabled_at"),
    "token": (ApiToken, "name", "revoked_at"),
}
"""Where it stands: the table, the name, and since when."""


def read(url: str) -> list[ShutOut]:
    """Of the database at that address, whatever schema it has; none where it cannot be read."""
    engine = _engine(url)
    try:
        with Session(engine) as s:
            return sorted(each for kind in _COLUMNS for each in _read(s, kind))
    except SQLAlchemyError:
        return []
    finally:
        engine.dispose()


def keep(s: Session, known: Iterable[ShutOut]) -> list[ShutOut]:
    """Shut out again whom this database still lets in; those of ``known`` that it did let in."""
    shut = []
    for each in sorted(set(known)):
        table, _name, at = _table(each.kind)
        change = update(table).where(table.c.id == each.id, at.is_(None)).values({at.name: each.at})
        changed = s.connection().execute(change)
        if changed.rowcount:
            shut.append(each)
    return shut


def _read(s: Session, kind: Kind) -> Iterable[ShutOut]:
    table, name, at = _table(kind)
    for row in s.execute(select(table.c.id, name, at).where(at.is_not(None))):
        yield ShutOut(kind, row[0], row[1], row[2])


def _table(kind: Kind) -> tuple[Table, ColumnElement[str], Column[datetime]]:
    """The table, and the columns of name and instant."""
    model, name, at = _COLUMNS[kind]
    table = Base.metadata.tables[model.__tablename__]
    return table, table.c[name], table.c[at]


def _engine(url: str) -> Engine:
    return create_engine(url, connect_args={} if url.startswith("sqlite") else {"connect_timeout": 10})
