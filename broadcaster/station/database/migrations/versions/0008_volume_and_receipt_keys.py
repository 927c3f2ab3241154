"""How loud a pole may be hour by hour, and the key that proves the receipts it carries by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nodes", sa.Column("receipt_key", sa.String(length=64), nullable=True))
    op.add_column("nodes", sa.Column("volume_profile", sa.JSON(), nullable=False, server_default="[]"))
