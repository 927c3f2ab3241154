"""How quickly nodes answer, and how long their amplifiers take to wake."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("node_states", sa.Column("pre_roll_ms", sa.Integer(), nullable=True))
    op.add_column("node_states", sa.Column("answers_ms", sa.JSON(), nullable=False, server_default="[]"))
