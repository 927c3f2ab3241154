"""A slot may relay a stream while it comes."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("slot_relays", sa.Column("way", sa.String(32), nullable=False, server_default="recorded"))
