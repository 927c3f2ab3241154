"""Announcements, their approval and their clips."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.database.migrations.append_only import protect
from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _clips()
    _announcements()
    _announcement_zones()
    _decisions()
    _render_jobs()
    _dictionary_entries()
    protect("decisions")


def _clips() -> None:
    op.create_table(
        "clips",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=80), nullable=False),
        sa.Column("fallback_reason", sa.Text(), nullable=True),
        sa.Column("loudness_lufs", sa.Double(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_clips")),
        sa.UniqueConstraint("plan_hash", name=op.f("uq_clips_plan_hash")),
    )


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("broadcast_class", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("voice", sa.String(length=80), nullable=False),
        sa.Column("rate_percent", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("repeat_key_facts", sa.Boolean(), nullable=False),
        sa.Column("valid_until_at", UtcDateTime(), nullable=True),
        sa.Column("created_by_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.String(length=32), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("script", sa.Text(), nullable=True),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("clip_sha256", sa.String(length=64), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clip_sha256"], ["clips.sha256"], name=op.f("fk_announcements_clip_sha256")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_announcements_created_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["people.id"], name=op.f("fk_announcements_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_state_updated_at", "announcements", ["state", "updated_at"], unique=False)


def _announcement_zones() -> None:
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


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_decisions_announcement_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_decisions_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("announcement_id", "number", name=op.f("uq_decisions_announcement_id_number")),
    )


def _render_jobs() -> None:
    op.create_table(
        "render_jobs",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("stage", sa.String(length=200), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_render_jobs_announcement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_render_jobs")),
        sa.UniqueConstraint("announcement_id", "number", name=op.f("uq_render_jobs_announcement_id_number")),
    )
    op.create_index("ix_render_jobs_state_created_at", "render_jobs", ["state", "created_at"], unique=False)


def _dictionary_entries() -> None:
    op.create_table(
        "dictionary_entries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=48), nullable=False),
        sa.Column("written", sa.String(length=200), nullable=False),
        sa.Column("reading", sa.String(length=400), nullable=False),
        sa.Column("match_case", sa.Boolean(), nullable=False),
        sa.Column("whole_word", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_dictionary_entries_created_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_dictionary_entries_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary_entries")),
        sa.UniqueConstraint("unit_id", "written", name=op.f("uq_dictionary_entries_unit_id_written")),
    )
