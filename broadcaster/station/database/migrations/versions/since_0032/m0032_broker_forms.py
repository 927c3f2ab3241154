"""Nodes' passwords at the broker in RabbitMQ's form, too."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nodes", sa.Column("password_sha256", sa.String(length=64), nullable=True))
