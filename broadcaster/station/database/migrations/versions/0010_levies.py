"""Money an announcement asks for; broadcasts keep it and the text as approved, for residents to read."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("announcements", sa.Column("levy", sa.JSON(), nullable=True))
    op.add_column("broadcasts", sa.Column("text", sa.Text(), nullable=True))
    op.add_column("broadcasts", sa.Column("levy", sa.JSON(), nullable=True))
