"""Tables of what is decided and planned."""

import sqlalchemy as sa
from alembic import op


def announcement_zones() -> None:
    op.create_table(
        "announcement_zones",
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("zone_id", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_announcement_zones_announcement_id")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_announcement_zones_zone_id")),
        sa.PrimaryKeyConstraint("announcement_id", "zone_id", name=op.f("pk_announcement_zones")),
    )


def decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column(
            "action",
            sa.Enum(
                "submitted",
                "approved",
                "returned",
                "rejected",
                "withdrawn",
                "voided",
                name="decisionaction",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_decisions_announcement_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_decisions_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("announcement_id", "number", name=op.f("uq_decisions_announcement_id_number")),
    )


def health_samples() -> None:
    op.create_table(
        "health_samples",
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("temperature_celsius", sa.Double(), nullable=True),
        sa.Column("free_bytes", sa.BigInteger(), nullable=True),
        sa.Column("signal_percent", sa.Integer(), nullable=True),
        sa.Column("clock_error_ms", sa.Integer(), nullable=True),
        sa.Column("bytes_this_month", sa.BigInteger(), nullable=True),
        sa.Column("under_voltage", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_health_samples_node_id")),
        sa.PrimaryKeyConstraint("node_id", "at", name=op.f("pk_health_samples")),
    )
    op.create_index(op.f("ix_health_samples_at"), "health_samples", ["at"], unique=False)


def node_states() -> None:
    op.create_table(
        "node_states",
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column("connection", sa.BigInteger(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agenda_number", sa.BigInteger(), nullable=False),
        sa.Column("clips_missing", sa.Integer(), nullable=False),
        sa.Column(
            "clock",
            sa.Enum("synced", "holdover", "unsynced", name="clockstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("clock_error_ms", sa.Integer(), nullable=True),
        sa.Column("playing", sa.String(length=64), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("volume_percent", sa.Integer(), nullable=False),
        sa.Column("sound", sa.String(length=400), nullable=False),
        sa.Column("software", sa.String(length=40), nullable=False),
        sa.Column("boot", sa.String(length=40), nullable=False),
        sa.Column("health", sa.JSON(), nullable=False),
        sa.Column("trouble", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_node_states_node_id")),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_node_states")),
    )


def occurrences() -> None:
    op.create_table(
        "occurrences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "frozen",
                "empty",
                "missed",
                "cancelled",
                name="occurrencestate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_occurrences_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint("slot_id", "start_at", name=op.f("uq_occurrences_slot_id_start_at")),
    )
    op.create_index(op.f("ix_occurrences_start_at"), "occurrences", ["start_at"], unique=False)


def render_jobs() -> None:
    op.create_table(
        "render_jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "running", "done", "failed", "cancelled", name="jobstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("stage", sa.String(length=200), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_render_jobs_announcement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_render_jobs")),
        sa.UniqueConstraint("announcement_id", "number", name=op.f("uq_render_jobs_announcement_id_number")),
    )
    op.create_index("ix_render_jobs_state_created_at", "render_jobs", ["state", "created_at"], unique=False)


def slot_items() -> None:
    op.create_table(
        "slot_items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.String(length=32), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_slot_items_added_by_id")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_slot_items_announcement_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_slot_items_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_items")),
    )
    op.create_index(op.f("ix_slot_items_announcement_id"), "slot_items", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_slot_items_slot_id"), "slot_items", ["slot_id"], unique=False)


def slot_zones() -> None:
    op.create_table(
        "slot_zones",
        sa.Column("slot_id", sa.String(length=32), nullable=False),
        sa.Column("zone_id", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_slot_zones_slot_id")),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name=op.f("fk_slot_zones_zone_id")),
        sa.PrimaryKeyConstraint("slot_id", "zone_id", name=op.f("pk_slot_zones")),
    )


TABLES = (
    announcement_zones,
    decisions,
    health_samples,
    node_states,
    occurrences,
    render_jobs,
    slot_items,
    slot_zones,
)
