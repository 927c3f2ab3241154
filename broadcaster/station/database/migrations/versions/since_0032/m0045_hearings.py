"""What the machine listener made out of clips."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machine_hearings",
        sa.Column("clip_sha256", sa.String(64), nullable=False),
        sa.Column("listener", sa.String(60), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.Integer(), nullable=True),
        sa.Column("mean_nats", sa.Double(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clip_sha256"], ["clips.sha256"], name=op.f("fk_machine_hearings_clip_sha256_clips")),
        sa.PrimaryKeyConstraint("clip_sha256", name=op.f("pk_machine_hearings")),
    )
