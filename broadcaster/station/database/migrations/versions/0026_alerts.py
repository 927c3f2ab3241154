"""Warnings of others: sources, what two people allowed of them, and the messages that came in."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sources()
    _allowances()
    _received()


def _sources() -> None:
    op.create_table(
        "alert_sources",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("modified", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["people.id"], name=op.f("fk_alert_sources_account_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_alert_sources_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_sources")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_alert_sources_token_hash")),
    )


def _allowances() -> None:
    op.create_table(
        "alert_allowances",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["alert_sources.id"], name=op.f("fk_alert_allowances_source_id")),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_alert_allowances_{name}"))
            for name in ("asked_by_id", "confirmed_by_id", "ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_allowances")),
    )
    op.create_index(op.f("ix_alert_allowances_source_id"), "alert_allowances", ["source_id"])


def _received() -> None:
    op.create_table(
        "received_alerts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("identifier", sa.String(length=400), nullable=False),
        sa.Column("sender", sa.String(length=400), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_type", sa.String(length=16), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announcement_id", sa.String(length=32), nullable=True),
        sa.Column("follows_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["alert_sources.id"], name=op.f("fk_received_alerts_source_id")),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_received_alerts_announcement_id")
        ),
        sa.ForeignKeyConstraint(["follows_id"], ["broadcasts.id"], name=op.f("fk_received_alerts_follows_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_alerts")),
    )
    op.create_index(op.f("ix_received_alerts_received_at"), "received_alerts", ["received_at"])
    op.create_index("ix_received_alerts_message", "received_alerts", ["source_id", "sender", "identifier"])
