"""When an announcement shall be broadcast, asked for with its approval; weekdays of what is in a slot."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("announcements", sa.Column("wish", sa.JSON(), nullable=True))
    op.add_column("slot_items", sa.Column("weekdays", sa.JSON(), nullable=False, server_default="[]"))
