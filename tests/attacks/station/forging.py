"""What somebody with the database in hand does to the audit trail: entries out, entries in another's name, rebuilt."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.station.audit.chain import FIRST, Act, seal

TRIGGERS = ("audit_entries_no_update", "audit_entries_no_delete")


def forge(path: Path, *, without: Collection[int], given_to: str, numbers: Collection[int], key: bytes) -> None:
    """Delete entries, give others to somebody else, close the gaps and build the chain anew with ``key``."""
    reassign(path, given_to=given_to, numbers=numbers)
    with _unlocked(path) as database:
        for number in without:
            database.execute("DELETE FROM audit_entries WHERE number = ?", (number,))
        _rebuild(database, key)


def reassign(path: Path, *, given_to: str, numbers: Collection[int]) -> None:
    """Somebody else did it, say these entries now."""
    with _unlocked(path) as database:
        for number in numbers:
            database.execute("UPDATE audit_entries SET person_name = ? WHERE number = ?", (given_to, number))


def cut_off(path: Path, *, after: int) -> None:
    """Nothing behind this entry remains: what is left is whole in itself."""
    with _unlocked(path) as database:
        database.execute("DELETE FROM audit_entries WHERE number > ?", (after,))


@contextmanager
def _unlocked(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as database, database:
        for trigger in TRIGGERS:
            database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        yield database


def _rebuild(database: sqlite3.Connection, key: bytes) -> None:
    columns = "number, at, person_id, person_name, action, subject, details, address"
    rows = database.execute(f"SELECT {columns} FROM audit_entries ORDER BY number").fetchall()
    previous = FIRST
    for place, (number, at, by_id, by_name, action, subject, details, address) in enumerate(rows, start=1):
        when = datetime.fromisoformat(at).replace(tzinfo=UTC)
        act = Act(when, by_id, by_name, action, subject, json.loads(details), address)
        digest = seal(key, act, number=place, previous=previous)
        database.execute(
            "UPDATE audit_entries SET number = ?, previous_hash = ?, hash = ? WHERE number = ?",
            (place, previous, digest, number),
        )
        previous = digest
