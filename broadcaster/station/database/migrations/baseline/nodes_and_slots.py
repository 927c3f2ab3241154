"""Tables of nodes, slots and zones."""

import sqlalchemy as sa
from alembic import op


def memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=48), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "officer",
                "approver",
                "administrator",
                "technician",
                "viewer",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_memberships_unit_id")),
        sa.PrimaryKeyConstraint("person_id", "unit_id", "role", name=op.f("pk_memberships")),
    )


def nodes() -> None:
    op.create_table(
        "nodes",
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.String(length=48), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("weak_link", sa.Boolean(), nullable=False),
        sa.Column("receipt_key", sa.String(length=64), nullable=True),
        sa.Column("volume_percent", sa.Integer(), nullable=False),
        sa.Column("volume_profile", sa.JSON(), nullable=False),
        sa.Column("stagger_ms", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("quiet_hours", sa.JSON(), nullable=False),
        sa.Column("keeper_name", sa.String(length=120), nullable=False),
        sa.Column("keeper_phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_nodes_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nodes")),
        sa.UniqueConstraint("username", name=op.f("uq_nodes_username")),
    )
    op.create_index(op.f("ix_nodes_unit_id"), "nodes", ["unit_id"], unique=False)


def patterns() -> None:
    op.create_table(
        "patterns",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "broadcast_class",
            sa.Enum("routine", "priority", "emergency", name="broadcastclass", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_patterns_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patterns")),
    )


def recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"], unique=False)


def slots() -> None:
    op.create_table(
        "slots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("cap_minutes", sa.Integer(), nullable=False),
        sa.Column("assemble_minutes", sa.Integer(), nullable=True),
        sa.Column("paused_until_on", sa.Date(), nullable=True),
        sa.Column("greeting", sa.Boolean(), nullable=False),
        sa.Column("closing", sa.Boolean(), nullable=False),
        sa.Column("greet_when_empty", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_slots_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
    )


def stop_orders() -> None:
    op.create_table(
        "stop_orders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ordered_by_id", sa.String(length=32), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lift_asked_by_id", sa.String(length=32), nullable=True),
        sa.Column("lift_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.String(length=32), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["lift_asked_by_id"], ["people.id"], name=op.f("fk_stop_orders_lift_asked_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["people.id"], name=op.f("fk_stop_orders_lifted_by_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["people.id"], name=op.f("fk_stop_orders_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_orders")),
    )


def zones() -> None:
    op.create_table(
        "zones",
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.String(length=48), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_zones_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zones")),
    )


def agenda_issues() -> None:
    op.create_table(
        "agenda_issues",
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_agenda_issues_node_id")),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_agenda_issues")),
    )


def announcement_versions() -> None:
    op.create_table(
        "announcement_versions",
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("recording_sha256", sa.String(length=64), nullable=False),
        sa.Column("recording_name", sa.String(length=120), nullable=False),
        sa.Column("said_of", sa.String(length=64), nullable=False),
        sa.Column("clip_sha256", sa.String(length=64), nullable=True),
        sa.Column("made_by_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_announcement_versions_announcement_id")
        ),
        sa.ForeignKeyConstraint(["clip_sha256"], ["clips.sha256"], name=op.f("fk_announcement_versions_clip_sha256")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_announcement_versions_made_by_id")),
        sa.PrimaryKeyConstraint("announcement_id", "language", name=op.f("pk_announcement_versions")),
    )


TABLES = (
    memberships,
    nodes,
    patterns,
    recovery_codes,
    slots,
    stop_orders,
    zones,
    agenda_issues,
    announcement_versions,
)
