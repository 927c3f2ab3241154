"""Live sessions, what nodes lost of them, and how they hear one that goes on."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("deliveries", "receipts"):
        op.add_column(table, sa.Column("lost_ms", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("broadcasts", sa.Column("live_session_id", sa.String(32), nullable=True))
    op.add_column("node_states", sa.Column("live", sa.JSON(), nullable=True))
    op.create_table(
        "live_sessions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False, index=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("broadcast_class", sa.String(32), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("longest_ms", sa.Integer(), nullable=False),
        sa.Column("delay_ms", sa.Integer(), nullable=False),
        sa.Column("gives_way", sa.Boolean(), nullable=False),
        sa.Column("fallback", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.String(32), sa.ForeignKey("people.id"), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False, index=True),
        sa.Column("waits_until_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by_id", sa.String(32), sa.ForeignKey("people.id"), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("broadcast_id", sa.String(32), sa.ForeignKey("broadcasts.id"), nullable=True, unique=True),
        sa.Column("runner", sa.String(64), nullable=False),
        sa.Column("sounding_at", UtcDateTime(), nullable=True),
        sa.Column("silent_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(40), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("sound_ms", sa.Integer(), nullable=False),
        sa.Column("gap_ms", sa.Integer(), nullable=False),
        sa.Column("ends_ms", sa.Integer(), nullable=False),
        sa.Column("recording_sha256", sa.String(64), nullable=True),
        sa.Column("requested_key", sa.String(120), nullable=True, unique=True),
    )
