"""The audit trail is sealed by a key, entries say from where, and what nodes hold of the chain is kept.

Entries of before are sealed as they are found; an entry of its own names those that did not fit their plain hash.
The sums of both kinds are written out here, as they were when this was made.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from broadcaster.station.database.migrations.append_only import protect, release

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FIRST = "0" * 64
ENTRIES = sa.table(
    "audit_entries",
    sa.column("number", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("person_id", sa.String()),
    sa.column("person_name", sa.String()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("details", sa.JSON()),
    sa.column("address", sa.String()),
    sa.column("previous_hash", sa.String()),
    sa.column("hash", sa.String()),
)


def upgrade() -> None:
    op.add_column("audit_entries", sa.Column("address", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "held_audit_heads",
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(100), nullable=False),
        sa.Column("node_id", sa.String(48), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry", "hash", name=op.f("pk_held_audit_heads")),
    )
    protect("held_audit_heads")
    release("audit_entries")
    _seal(op.get_bind(), context.config.attributes.get("audit_key", b""))
    protect("audit_entries")


def _seal(connection: sa.Connection, key: bytes) -> None:
    rows = connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.number)).mappings().all()
    if not rows:
        return
    broken = list(_broken(rows))
    previous, sealed = FIRST, []
    for row in rows:
        digest = _sum(key, row, previous)
        sealed.append({"its": row["number"], "previous": previous, "sum": digest})
        previous = digest
    changed = sa.update(ENTRIES).where(ENTRIES.c.number == sa.bindparam("its"))
    connection.execute(changed.values(previous_hash=sa.bindparam("previous"), hash=sa.bindparam("sum")), sealed)
    connection.execute(sa.insert(ENTRIES).values(_last(key, rows[-1], previous, broken)))


def _broken(rows: Any) -> Iterator[int]:
    """The entries that the chain of before did not lead to."""
    expected, previous = 1, FIRST
    for row in rows:
        content = [row["number"], row["previous_hash"], *_said(row)]
        whole = hashlib.sha256(_plain(content)).hexdigest() == row["hash"]
        if not whole or row["number"] != expected or row["previous_hash"] != previous:
            yield row["number"]
        expected, previous = row["number"] + 1, row["hash"]


def _last(key: bytes, before: Any, previous: str, broken: list[int]) -> dict[str, Any]:
    made = {
        "number": before["number"] + 1,
        "at": datetime.now(UTC).replace(tzinfo=before["at"].tzinfo and UTC),
        "person_id": None,
        "person_name": "hệ thống",
        "action": "audit.sealed",
        "subject": "audit:trail",
        "details": {"entries": before["number"], "head": before["hash"], "broken": broken},
        "address": "",
        "previous_hash": previous,
    }
    return made | {"hash": _sum(key, made, previous)}


def _sum(key: bytes, row: Any, previous: str) -> str:
    return hmac.digest(key, _plain([row["number"], previous, *_said(row), ""]), "sha256").hex()


def _said(row: Any) -> list[Any]:
    at = _at(row).isoformat(timespec="microseconds")
    return [at, row["person_id"], row["person_name"], row["action"], row["subject"], row["details"]]


def _at(row: Any) -> datetime:
    """SQLite keeps instants without a zone, in UTC."""
    found: datetime = row["at"]
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _plain(content: list[Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
