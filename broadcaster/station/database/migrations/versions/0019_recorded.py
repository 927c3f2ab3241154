"""What was found in the recording a clip was made from: how long its header says it is, and how long it really is."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clips", sa.Column("recorded", sa.JSON(), nullable=True))
