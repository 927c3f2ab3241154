"""Writing back what happened in the spare, in the first transaction the real database allows."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select, text
from sqlalchemy.orm import Session

from broadcaster.station.audit import entries as audit
from broadcaster.station.audit.chain import Act
from broadcaster.station.rows import settings
from broadcaster.station.rows.inserting import put, upsert
from broadcaster.station.schema import AgendaIssue, AuditEntry, Base, ChangeCounter, Setting

MERGED = "spare_merged"
"""Name of the spare that was written back last: a second time, after a crash in between, would change nothing."""
_APART = (AuditEntry.__tablename__, ChangeCounter.__tablename__)


def merge(spare: Connection, s: Session) -> str:
    """Bring everything into ``s``, not committed yet; the spare's name."""
    name, last_entry = spare.execute(text("SELECT name, last_entry FROM spare_state")).one()
    if settings.read(s, MERGED) == name:
        return str(name)
    touched: dict[str, list[list[Any]]] = {}
    for place, keys in spare.execute(text("SELECT DISTINCT place, keys FROM spare_log")):
        touched.setdefault(place, []).append(json.loads(keys))
    for table in Base.metadata.sorted_tables:
        if table.name not in _APART:
            for keys in touched.get(table.name, ()):
                _bring(spare, s, table, keys)
    _bring_counters(spare, s, [name for (name,) in touched.get(ChangeCounter.__tablename__, ())])
    _bring_acts(spare, s, last_entry)
    put(s, Setting, {"key": MERGED, "value": name}, key="key")
    return str(name)


def _bring(spare: Connection, s: Session, table: Table, keys: list[Any]) -> None:
    row = spare.execute(select(table).where(_is(table, keys))).mappings().one_or_none()
    if row is None:
        s.execute(delete(table).where(_is(table, keys)))
        return
    newer = table.name == AgendaIssue.__tablename__  # a higher number has been seen by the node and stays
    upsert(s, table, dict(row), higher="number" if newer else None)


def _is(table: Table, keys: list[Any]) -> ColumnElement[bool]:
    return and_(*(column == key for column, key in zip(table.primary_key.columns, keys, strict=True)))


def _bring_counters(spare: Connection, s: Session, names: Sequence[str]) -> None:
    """Above both, so that nobody who watched either takes the new for the old."""
    there = {change.name: change.counter for change in s.scalars(select(ChangeCounter))}
    chosen = select(ChangeCounter.name, ChangeCounter.counter).where(ChangeCounter.name.in_(names))
    for name, counter in spare.execute(chosen).all():
        put(s, ChangeCounter, {"name": name, "counter": max(counter, there.get(name, 0)) + 1}, key="name")


def _bring_acts(spare: Connection, s: Session, last_entry: int) -> None:
    """Where nobody else recorded anything meanwhile, the seals are the same as in the spare."""
    chosen = select(AuditEntry.__table__).where(AuditEntry.number > last_entry).order_by(AuditEntry.number)
    for row in spare.execute(chosen).mappings():
        who = (row["person_id"], row["person_name"])
        audit.record_act(s, Act(row["at"], *who, row["action"], row["subject"], row["details"], row["address"]))
