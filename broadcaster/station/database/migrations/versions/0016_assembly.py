"""When the programme of a slot is put together."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("slots", sa.Column("assemble_minutes", sa.Integer(), nullable=True))
