"""Music of the commune's own around its programmes."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PLACES = ("opening_tune_id", "ending_tune_id", "bed_id", "filler_id")


def upgrade() -> None:
    op.create_table(
        "tunes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("recording_sha256", sa.String(length=64), nullable=False),
        sa.Column("clip_sha256", sa.String(length=64), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_by_id", sa.String(length=32), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.String(length=32), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clip_sha256"], ["clips.sha256"], name=op.f("fk_tunes_clip_sha256")),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_tunes_added_by_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["people.id"], name=op.f("fk_tunes_approved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tunes")),
    )
    for place in PLACES:
        op.add_column("slots", sa.Column(place, sa.String(length=32), nullable=True))
    op.add_column("house_clips", sa.Column("music", sa.JSON(), nullable=True))
