"""The approver's role waits for a second administrator."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("memberships", sa.Column("awaiting_since_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("memberships", sa.Column("given_by_id", sa.String(32), nullable=True))
    op.add_column("memberships", sa.Column("given_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("is_reset", sa.Boolean(), nullable=False, server_default=sa.false()))
