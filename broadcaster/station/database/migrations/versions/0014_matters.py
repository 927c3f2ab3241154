"""What somebody has to deal with, until somebody says that it is dealt with."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matters",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.Column("dealt_at", UtcDateTime(), nullable=True),
        sa.Column("dealt_by_id", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("open_key", sa.String(length=160), nullable=True),
        sa.ForeignKeyConstraint(["dealt_by_id"], ["people.id"], name=op.f("fk_matters_dealt_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matters")),
        sa.UniqueConstraint("open_key", name=op.f("uq_matters_open_key")),
    )
    op.create_index(op.f("ix_matters_began_at"), "matters", ["began_at"], unique=False)
    op.create_index(op.f("ix_matters_dealt_at"), "matters", ["dealt_at"], unique=False)
