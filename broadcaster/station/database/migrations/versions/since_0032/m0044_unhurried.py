"""Clips nobody waits for give way to the others."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("render_jobs", sa.Column("unhurried", sa.Boolean(), nullable=False, server_default=sa.false()))
