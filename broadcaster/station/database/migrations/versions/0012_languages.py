"""Announcements in several languages, and what each decision was about."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("zones", sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("render_jobs", sa.Column("language", sa.String(length=8), nullable=True))
    op.add_column("broadcast_parts", sa.Column("language", sa.String(length=8), nullable=False, server_default="vi"))
    op.add_column("deliveries", sa.Column("languages", sa.JSON(), nullable=False, server_default='["vi"]'))
    op.add_column("decisions", sa.Column("content", sa.JSON(), nullable=True))
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
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_announcement_versions_announcement_id")
        ),
        sa.ForeignKeyConstraint(["clip_sha256"], ["clips.sha256"], name=op.f("fk_announcement_versions_clip_sha256")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_announcement_versions_made_by_id")),
        sa.PrimaryKeyConstraint("announcement_id", "language", name=op.f("pk_announcement_versions")),
    )
