"""Announcements whose sound is a recording."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("announcements", sa.Column("recording_sha256", sa.String(length=64), nullable=True))
    op.add_column("announcements", sa.Column("recording_name", sa.String(length=120), nullable=True))
