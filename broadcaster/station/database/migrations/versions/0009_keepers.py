"""Who looks after a pole, its older names, and the quiet hours of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("aliases", "quiet_hours"):
        op.add_column("nodes", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("nodes", sa.Column("keeper_name", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("nodes", sa.Column("keeper_phone", sa.String(length=40), nullable=False, server_default=""))
