"""Slots, broadcasts and what the poles report."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.database.migrations.append_only import protect
from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _slots()
    _slot_zones()
    _slot_items()
    _occurrences()
    _broadcasts()
    _broadcast_parts()
    _deliveries()
    _receipts()
    protect("receipts")


def _slots() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("cap_minutes", sa.Integer(), nullable=False),
        sa.Column("paused_until_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_slots_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
    )


def _slot_zones() -> None:
    op.create_table(
        "slot_zones",
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("zone_id", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_slot_zones_slot_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_slot_zones_zone_id")),
        sa.PrimaryKeyConstraint("slot_id", "zone_id", name=op.f("pk_slot_zones")),
    )


def _slot_items() -> None:
    op.create_table(
        "slot_items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.String(length=32), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_slot_items_added_by_id")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_slot_items_announcement_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_slot_items_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_items")),
    )
    op.create_index(op.f("ix_slot_items_announcement_id"), "slot_items", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_slot_items_slot_id"), "slot_items", ["slot_id"], unique=False)


def _occurrences() -> None:
    op.create_table(
        "occurrences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_occurrences_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("slot_id", "start_at", name=op.f("uq_occurrences_slot_id_start_at")),
    )
    op.create_index(op.f("ix_occurrences_start_at"), "occurrences", ["start_at"], unique=False)


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=True),
        sa.Column("occurrence_id", sa.String(length=32), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("broadcast_class", sa.String(32), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("start_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("ordering", sa.Integer(), nullable=False),
        sa.Column("ordered_by_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("requested_key", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_broadcasts_announcement_id")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name=op.f("fk_broadcasts_occurrence_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["people.id"], name=op.f("fk_broadcasts_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint("occurrence_id", "position", name=op.f("uq_broadcasts_occurrence_id_position")),
        sa.UniqueConstraint("requested_key", name=op.f("uq_broadcasts_requested_key")),
    )
    op.create_index(op.f("ix_broadcasts_announcement_id"), "broadcasts", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_broadcasts_start_at"), "broadcasts", ["start_at"], unique=False)
    op.create_index("ix_broadcasts_state_start_at", "broadcasts", ["state", "start_at"], unique=False)


def _broadcast_parts() -> None:
    op.create_table(
        "broadcast_parts",
        sa.Column("broadcast_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=op.f("fk_broadcast_parts_broadcast_id")),
        sa.ForeignKeyConstraint(["sha256"], ["clips.sha256"], name=op.f("fk_broadcast_parts_sha256")),
        sa.PrimaryKeyConstraint("broadcast_id", "position", name=op.f("pk_broadcast_parts")),
    )
    op.create_index(op.f("ix_broadcast_parts_sha256"), "broadcast_parts", ["sha256"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("broadcast_id", sa.String(length=32), nullable=False),
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("played_ms", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=op.f("fk_deliveries_broadcast_id")),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_deliveries_node_id")),
        sa.PrimaryKeyConstraint("broadcast_id", "node_id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_node_id"), "deliveries", ["node_id"], unique=False)


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column("broadcast_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("played_ms", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("receipt", "node_id", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_broadcast_id_node_id", "receipts", ["broadcast_id", "node_id"], unique=False)
