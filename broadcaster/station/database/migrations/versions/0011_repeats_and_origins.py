"""Emergencies that sound until their all-clear, and where a bulletin came from."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("broadcasts", sa.Column("repeat_of_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_broadcasts_repeat_of_id"), "broadcasts", ["repeat_of_id"], unique=False)
    for name in ("every_minutes", "for_minutes"):
        op.add_column("emergency_orders", sa.Column(name, sa.Integer(), nullable=True))
    for table in ("announcements", "broadcasts"):
        origin = sa.Column("origin", sa.String(length=32), nullable=False, server_default="commune")
        op.add_column(table, origin)
        op.add_column(table, sa.Column("document_number", sa.String(length=80), nullable=True))
    op.add_column("announcements", sa.Column("sent_class", sa.String(length=32), nullable=True))
    op.add_column("announcements", sa.Column("class_reason", sa.Text(), nullable=True))
