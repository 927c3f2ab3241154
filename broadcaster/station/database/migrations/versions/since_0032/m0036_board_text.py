"""The short text that boards and screens show."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("announcements", "broadcasts"):
        op.add_column(table, sa.Column("board_text", sa.String(120), nullable=False, server_default=""))
