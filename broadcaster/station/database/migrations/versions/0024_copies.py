"""Which copy of the station each node obeys, which copy signed, and how far the node's clock is from the station's."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("node_states", "agenda_term", sa.BigInteger(), "0")
    _add("node_states", "agenda_issuer", sa.String(64), "")
    _add("node_states", "highest_number", sa.BigInteger(), "0")
    _add("node_states", "refused", sa.JSON(), "{}")
    op.add_column("node_states", sa.Column("clock_offset_ms", sa.BigInteger(), nullable=True))
    _add("agenda_issues", "term", sa.BigInteger(), "0")
    _add("agenda_issues", "issuer", sa.String(64), "")


def _add(table: str, column: str, kind: sa.types.TypeEngine[Any], value: str) -> None:
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=value))
