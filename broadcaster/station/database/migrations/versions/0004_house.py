"""Audit trail, settings, stop-all, signs of life, change counters."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.database.migrations.append_only import protect
from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _audit_entries()
    _changes()
    _settings()
    _stop_orders()
    _heartbeats()
    protect("audit_entries")


def _audit_entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_audit_entries_person_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
    )
    op.create_index(op.f("ix_audit_entries_action"), "audit_entries", ["action"], unique=False)
    op.create_index(op.f("ix_audit_entries_subject"), "audit_entries", ["subject"], unique=False)


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_changes")),
    )


def _settings() -> None:
    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )


def _stop_orders() -> None:
    op.create_table(
        "stop_orders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ordered_by_id", sa.String(length=32), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lift_asked_by_id", sa.String(length=32), nullable=True),
        sa.Column("lift_asked_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.String(length=32), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lift_asked_by_id"], ["people.id"], name=op.f("fk_stop_orders_lift_asked_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["people.id"], name=op.f("fk_stop_orders_lifted_by_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["people.id"], name=op.f("fk_stop_orders_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_orders")),
    )


def _heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
