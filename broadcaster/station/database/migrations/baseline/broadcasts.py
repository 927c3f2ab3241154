"""Tables of broadcasts and their way to every node."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def zone_nodes() -> None:
    op.create_table(
        "zone_nodes",
        sa.Column("zone_id", sa.String(length=48), nullable=False),
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_zone_nodes_node_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_zone_nodes_zone_id")),
        sa.PrimaryKeyConstraint("zone_id", "node_id", name=op.f("pk_zone_nodes")),
    )


def _broadcasts_content() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=True),
        sa.Column("occurrence_id", sa.String(length=32), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("levy", sa.JSON(), nullable=True),
        sa.Column(
            "broadcast_class",
            sa.Enum("routine", "priority", "emergency", name="broadcastclass", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "on_air",
                "completed",
                "partial",
                "missed",
                "cancelled",
                name="broadcaststate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
    ]


def _broadcasts_course() -> list[sa.Column[Any]]:
    return [
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("ordering", sa.Integer(), nullable=False),
        sa.Column("ordered_by_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("requested_key", sa.String(length=120), nullable=True),
        sa.Column(
            "origin",
            sa.Enum("commune", "province", "central", name="origin", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("document_number", sa.String(length=80), nullable=True),
        sa.Column("repeat_of_id", sa.String(length=32), nullable=True),
    ]


def broadcasts() -> None:
    op.create_table(
        "broadcasts",
        *_broadcasts_content(),
        *_broadcasts_course(),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_broadcasts_announcement_id")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name=op.f("fk_broadcasts_occurrence_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["people.id"], name=op.f("fk_broadcasts_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint("occurrence_id", "position", name=op.f("uq_broadcasts_occurrence_id_position")),
        sa.UniqueConstraint("requested_key", name=op.f("uq_broadcasts_requested_key")),
    )
    op.create_index(op.f("ix_broadcasts_announcement_id"), "broadcasts", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_broadcasts_repeat_of_id"), "broadcasts", ["repeat_of_id"], unique=False)
    op.create_index(op.f("ix_broadcasts_start_at"), "broadcasts", ["start_at"], unique=False)
    op.create_index("ix_broadcasts_state_start_at", "broadcasts", ["state", "start_at"], unique=False)


def broadcast_parts() -> None:
    op.create_table(
        "broadcast_parts",
        sa.Column("broadcast_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=op.f("fk_broadcast_parts_broadcast_id")),
        sa.ForeignKeyConstraint(["sha256"], ["clips.sha256"], name=op.f("fk_broadcast_parts_sha256")),
        sa.PrimaryKeyConstraint("broadcast_id", "position", name=op.f("pk_broadcast_parts")),
    )
    op.create_index(op.f("ix_broadcast_parts_sha256"), "broadcast_parts", ["sha256"], unique=False)


def deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("broadcast_id", sa.String(length=32), nullable=False),
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "stored",
                "playing",
                "played",
                "interrupted",
                "failed",
                "missed",
                "expired",
                "cancelled",
                name="deliverystate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("played_ms", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=op.f("fk_deliveries_broadcast_id")),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_deliveries_node_id")),
        sa.PrimaryKeyConstraint("broadcast_id", "node_id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_node_id"), "deliveries", ["node_id"], unique=False)


def _emergency_orders_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("two_people", "declared", "relayed", name="emergencymode", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("follows_id", sa.String(length=32), nullable=True),
        sa.Column("confirmed_by_id", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_by_id", sa.String(length=32), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broadcast_id", sa.String(length=32), nullable=True),
        sa.Column("every_minutes", sa.Integer(), nullable=True),
        sa.Column("for_minutes", sa.Integer(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("reviewed_by_id", sa.String(length=32), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_key", sa.String(length=120), nullable=True),
    ]


def emergency_orders() -> None:
    op.create_table(
        "emergency_orders",
        *_emergency_orders_columns(),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_emergency_orders_announcement_id")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_emergency_orders_asked_by_id")),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name=op.f("fk_emergency_orders_broadcast_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name=op.f("fk_emergency_orders_confirmed_by_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["broadcasts.id"], name=op.f("fk_emergency_orders_follows_id")),
        sa.ForeignKeyConstraint(["refused_by_id"], ["people.id"], name=op.f("fk_emergency_orders_refused_by_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["people.id"], name=op.f("fk_emergency_orders_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_orders")),
        sa.UniqueConstraint("requested_key", name=op.f("uq_emergency_orders_requested_key")),
    )
    op.create_index(op.f("ix_emergency_orders_announcement_id"), "emergency_orders", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_emergency_orders_asked_at"), "emergency_orders", ["asked_at"], unique=False)


TABLES = (
    zone_nodes,
    broadcasts,
    broadcast_parts,
    deliveries,
    emergency_orders,
)
