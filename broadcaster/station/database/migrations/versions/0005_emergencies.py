"""Drills, ready emergency texts, and the orders to sound them."""

import sqlalchemy as sa
from alembic import op

from broadcaster.station.schema.columns.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("announcements", sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("announcements", sa.Column("phrase", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_announcements_phrase"), "announcements", ["phrase"], unique=False)
    _emergency_orders()


def _emergency_orders() -> None:
    people = ("asked_by_id", "confirmed_by_id", "refused_by_id", "reviewed_by_id")
    op.create_table(
        "emergency_orders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("announcement_id", sa.String(length=32), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("follows_id", sa.String(length=32), nullable=True),
        sa.Column("confirmed_by_id", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("refused_by_id", sa.String(length=32), nullable=True),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.Column("broadcast_id", sa.String(length=32), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("reviewed_by_id", sa.String(length=32), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("requested_key", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_emergency_orders_announcement_id")
        ),
        *(
            sa.ForeignKeyConstraint([each], ["broadcasts.id"], name=op.f(f"fk_emergency_orders_{each}"))
            for each in ("follows_id", "broadcast_id")
        ),
        *(sa.ForeignKeyConstraint([each], ["people.id"], name=op.f(f"fk_emergency_orders_{each}")) for each in people),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_orders")),
        sa.UniqueConstraint("requested_key", name=op.f("uq_emergency_orders_requested_key")),
    )
    op.create_index(op.f("ix_emergency_orders_announcement_id"), "emergency_orders", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_emergency_orders_asked_at"), "emergency_orders", ["asked_at"], unique=False)
