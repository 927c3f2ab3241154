"""Announcements of a level above keep the id by which another platform knows them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("province_items", sa.Column("given_id", sa.String(64), nullable=True))
    op.create_index(op.f("ix_province_items_given_id"), "province_items", ["given_id"], unique=True)
