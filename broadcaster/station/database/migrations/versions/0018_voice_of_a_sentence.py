"""Whose voice says the station's own words: a sentence of the preview is heard as the bulletin will be."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("house_clips", sa.Column("voice", sa.String(80), nullable=False, server_default="auto"))
