"""Whether a drill may cut what sounds, said with its order."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("emergency_orders", sa.Column("interrupts", sa.Boolean(), nullable=False, server_default=sa.false()))
