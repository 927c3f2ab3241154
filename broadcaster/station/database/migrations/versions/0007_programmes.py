"""What a programme says besides its bulletins: greeting and closing, and the clips they need."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("greeting", "closing", "greet_when_empty"):
        op.add_column("slots", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "house_clips",
        sa.Column("plan_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chime", sa.String(length=20), nullable=True),
        sa.Column("clip_sha256", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["clip_sha256"], ["clips.sha256"], name=op.f("fk_house_clips_clip_sha256")),
        sa.PrimaryKeyConstraint("plan_hash", name=op.f("pk_house_clips")),
    )
