"""Tables that everything else refers to: clips, people, units, announcements."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def changes() -> None:
    op.create_table(
        "changes",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_changes")),
    )


def clips() -> None:
    op.create_table(
        "clips",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("fallback_reason", sa.Text(), nullable=True),
        sa.Column("loudness_lufs", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_clips")),
        sa.UniqueConstraint("plan_hash", name=op.f("uq_clips_plan_hash")),
    )


def heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )


def people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("username", name=op.f("uq_people_username")),
    )


def receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column("broadcast_id", sa.String(length=64), nullable=False),
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
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("played_ms", sa.Integer(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum("synced", "holdover", "unsynced", name="clockstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("heard", sa.Boolean(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("receipt", "node_id", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_broadcast_id_node_id", "receipts", ["broadcast_id", "node_id"], unique=False)


def settings() -> None:
    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )


def units() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("province", "commune", "hamlet", name="unitkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("parent_id", sa.String(length=48), nullable=True),
        sa.Column("weak_signal", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )


def _announcements_content() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "broadcast_class",
            sa.Enum("routine", "priority", "emergency", name="broadcastclass", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "pending_approval",
                "approved",
                "returned",
                "rejected",
                "withdrawn",
                name="announcementstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("voice", sa.String(length=80), nullable=False),
        sa.Column("rate_percent", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("repeat_key_facts", sa.Boolean(), nullable=False),
        sa.Column("valid_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _announcements_history() -> list[sa.Column[Any]]:
    return [
        sa.Column("updated_by_id", sa.String(length=32), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("script", sa.Text(), nullable=True),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("clip_sha256", sa.String(length=64), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("recording_sha256", sa.String(length=64), nullable=True),
        sa.Column("recording_name", sa.String(length=120), nullable=True),
        sa.Column("levy", sa.JSON(), nullable=True),
        sa.Column("phrase", sa.String(length=32), nullable=True),
        sa.Column(
            "origin",
            sa.Enum("commune", "province", "central", name="origin", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("document_number", sa.String(length=80), nullable=True),
        sa.Column(
            "sent_class",
            sa.Enum("routine", "priority", "emergency", name="broadcastclass", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("class_reason", sa.Text(), nullable=True),
    ]


def announcements() -> None:
    op.create_table(
        "announcements",
        *_announcements_content(),
        *_announcements_history(),
        sa.ForeignKeyConstraint(["clip_sha256"], ["clips.sha256"], name=op.f("fk_announcements_clip_sha256")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_announcements_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["people.id"], name=op.f("fk_announcements_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index(op.f("ix_announcements_phrase"), "announcements", ["phrase"], unique=False)
    op.create_index("ix_announcements_state_updated_at", "announcements", ["state", "updated_at"], unique=False)


TABLES = (
    changes,
    clips,
    heartbeats,
    people,
    receipts,
    settings,
    units,
    announcements,
)
