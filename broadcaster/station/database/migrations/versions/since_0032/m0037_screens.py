"""Nodes with a screen, and what stood on it."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("node_states", "screen"), ("deliveries", "shown"), ("receipts", "shown")):
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
