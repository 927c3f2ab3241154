"""The first schema."""

from alembic import op

from broadcaster.station.migrations.append_only import protect
from broadcaster.station.schema import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
    for table in ("receipts", "audit_entries", "decisions"):
        protect(table)
