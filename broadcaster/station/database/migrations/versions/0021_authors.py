"""Who wrote any part of an announcement since its last approval: none of them may approve it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("announcements", sa.Column("authors", sa.JSON(), nullable=False, server_default="[]"))
