"""Making the spare: what orders and agendas ask of the real database, copied, and a log of what is changed in it.

SQLite copies from file to file, as an order waits for it; from a server the rows come through this process.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, Table, func, insert, or_, select, text

from broadcaster.station.schema import AuditEntry, Base, Broadcast, BroadcastPart, Delivery
from broadcaster.station.vocabulary.states import BroadcastState

LEFT_OUT = frozenset(
    (
        "receipts",
        "health_samples",
        "held_audit_heads",
        "kept_drafts",
        "heartbeats",
        "matters",
        "render_jobs",
        "notices",
        "notice_channels",
        "notice_sendings",
    )
)
"""Long, and no order asks for them; they are there, and empty."""
BROADCASTS = 500
"""Of the latest; what is still to sound is copied whole."""
AT_ONCE = 1_000
_OPEN = (BroadcastState.SCHEDULED, BroadcastState.ON_AIR)
_OPEN_WORDS = ", ".join(f"'{state.value}'" for state in _OPEN)
_OF_COPIED = "WHERE broadcast_id IN (SELECT id FROM main.broadcasts)"
_WANTED = {
    "audit_entries": "WHERE number = (SELECT max(number) FROM real.audit_entries)",
    "broadcasts": f"WHERE state IN ({_OPEN_WORDS})"  # noqa: S608  # our own words
    f" OR id IN (SELECT id FROM real.broadcasts ORDER BY start_at DESC LIMIT {BROADCASTS})",
    "deliveries": _OF_COPIED,
    "broadcast_parts": _OF_COPIED,
}


@dataclass(frozen=True, slots=True)
class EmptySpare:
    """A spare without rows. schema: number of the schema it was made from; content: the file's bytes."""

    schema: int
    content: bytes


def empty_spare(source: Path) -> EmptySpare:
    """Tables as in this SQLite database and the log of changes: most of the work of making a spare."""
    with closing(sqlite3.connect(":memory:", isolation_level=None, uri=True)) as made:
        _attach(made, source)
        made.execute("BEGIN")
        tables = dict(made.execute("SELECT name, sql FROM real.sqlite_master WHERE type = 'table'"))
        for table in Base.metadata.sorted_tables:
            made.execute(tables[table.name])
        for statement in _log_of_changes():
            made.execute(statement)
        schema = _schema(made)
        made.execute("COMMIT")
        return EmptySpare(schema, made.serialize())


def copy_file(source: Path, target: Path, *, name: str, prepared: EmptySpare | None = None) -> None:
    """Fill the empty file ``target`` from another SQLite database; ``name`` tells this spare from every other."""
    if prepared is None or not _fits(source, prepared):
        prepared = empty_spare(source)
    target.write_bytes(prepared.content)
    with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as spare:
        spare.execute("PRAGMA synchronous=FULL")
        _attach(spare, source)
        spare.execute("BEGIN")
        for table in Base.metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                spare.execute(_copying(table))
        spare.execute(_begin_of_log(name))
        spare.execute("COMMIT")


def _fits(source: Path, prepared: EmptySpare) -> bool:
    with closing(sqlite3.connect(":memory:", isolation_level=None, uri=True)) as asking:
        _attach(asking, source)
        return _schema(asking) == prepared.schema


def _attach(connection: sqlite3.Connection, source: Path) -> None:
    connection.execute("ATTACH ? AS real", (f"{source.absolute().as_uri()}?mode=ro",))


def _schema(connection: sqlite3.Connection) -> int:
    """A number that SQLite raises at every change of the schema."""
    return int(connection.execute("PRAGMA real.schema_version").fetchone()[0])


def copy_rows(source: Engine, target: Engine, *, name: str) -> None:
    """The same from a database server."""
    reading = source.execution_options(loa_read_only=True)
    with reading.connect() as real, target.begin() as spare:
        Base.metadata.create_all(spare)
        for table in Base.metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                _copy_table(real, spare, table)
        for statement in (*_log_of_changes(), _begin_of_log(name)):
            spare.execute(text(statement))


def _copying(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    wanted = _WANTED.get(table.name, "")
    return f"INSERT INTO main.{table.name} ({columns}) SELECT {columns} FROM real.{table.name} {wanted}"  # noqa: S608


def _copy_table(real: Connection, spare: Connection, table: Table) -> None:
    for rows in real.execute(_wanted(table)).mappings().partitions(AT_ONCE):
        spare.execute(insert(table), [dict(row) for row in rows])


def _wanted(table: Table) -> Select[tuple[object, ...]]:
    chosen: Select[tuple[object, ...]] = select(table)
    if table.name == AuditEntry.__tablename__:
        return chosen.where(table.c.number == select(func.max(AuditEntry.number)).scalar_subquery())
    latest = select(Broadcast.id).order_by(Broadcast.start_at.desc()).limit(BROADCASTS)
    if table.name == Broadcast.__tablename__:
        return chosen.where(or_(table.c.id.in_(latest), table.c.state.in_(_OPEN)))
    if table.name in (Delivery.__tablename__, BroadcastPart.__tablename__):
        open_still = select(Broadcast.id).where(Broadcast.state.in_(_OPEN))
        return chosen.where(or_(table.c.broadcast_id.in_(latest), table.c.broadcast_id.in_(open_still)))
    return chosen


def _begin_of_log(name: str) -> str:
    """From here on changes are noted. ``name`` is hexadecimal."""
    return f"INSERT INTO spare_state SELECT '{name}', coalesce(max(number), 0) FROM audit_entries"  # noqa: S608 - a name of ours


def _log_of_changes() -> Iterator[str]:
    yield "CREATE TABLE spare_state (name TEXT, last_entry INTEGER)"
    yield "CREATE TABLE spare_log (place TEXT, keys TEXT)"
    for table in Base.metadata.sorted_tables:
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            yield _trigger(table, verb, row)


def _trigger(table: Table, verb: str, row: str) -> str:
    keys = ", ".join(f'{row}."{column.name}"' for column in table.primary_key.columns)
    noted = f"INSERT INTO spare_log VALUES ('{table.name}', json_array({keys}))"  # noqa: S608  # our tables
    begun = "WHEN EXISTS (SELECT 1 FROM spare_state)"
    return f"CREATE TRIGGER spare_{table.name}_{verb.lower()} AFTER {verb} ON {table.name} {begun} BEGIN {noted}; END"
