"""The baseline: every table as version 0.2.0 begins with it. Data that stands at this revision simply goes on."""

from broadcaster.station.database.migrations.append_only import protect
from broadcaster.station.database.migrations.baseline import tables

revision = "0018"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for make in tables():
        make()
    for record in ("decisions", "receipts", "audit_entries"):
        protect(record)
