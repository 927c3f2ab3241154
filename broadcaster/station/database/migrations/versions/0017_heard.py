"""Whether a pole's microphone heard what it played: in the receipt, and in the delivery that follows from it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("receipts", "deliveries"):
        op.add_column(table, sa.Column("heard", sa.Boolean(), nullable=True))
