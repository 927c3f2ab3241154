"""Levels above: what they offered, and what is reported to them."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert_sources", sa.Column("exchange", sa.Boolean(), nullable=False, server_default=sa.false()))
    _upper_levels()
    _exchange_reports()
    _received_offers()


def _upper_levels() -> None:
    op.create_table(
        "upper_levels",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("upper", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("authority_pem", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=400), nullable=False),
        sa.Column("code_sealed", sa.Text(), nullable=False),
        sa.Column("token_sealed", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=32), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_mark", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("went_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_upper_levels_added_by_id")),
        sa.ForeignKeyConstraint(["source_id"], ["alert_sources.id"], name=op.f("fk_upper_levels_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upper_levels")),
    )


def _exchange_reports() -> None:
    op.create_table(
        "exchange_reports",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("upper_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=240), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["upper_id"], ["upper_levels.id"], name=op.f("fk_exchange_reports_upper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_reports")),
        sa.UniqueConstraint("upper_id", "fact", name=op.f("uq_exchange_reports_upper_id_fact")),
        sa.UniqueConstraint("upper_id", "number", name=op.f("uq_exchange_reports_upper_id_number")),
    )
    op.create_index("ix_exchange_reports_waiting", "exchange_reports", ["upper_id", "acknowledged_at"], unique=False)


def _received_offers() -> None:
    op.create_table(
        "received_offers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("upper_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("broadcast_class", sa.String(length=32), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=400), nullable=False),
        sa.Column("recording_sha256", sa.String(length=64), nullable=True),
        sa.Column("sound_bytes", sa.Integer(), nullable=False),
        sa.Column("sound_name", sa.String(length=400), nullable=False),
        sa.Column("sound_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.String(length=32), nullable=True),
        sa.Column("announcement_id", sa.String(length=32), nullable=True),
        sa.Column("alert_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["received_alerts.id"], name=op.f("fk_received_offers_alert_id")),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_received_offers_announcement_id")
        ),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_received_offers_settled_by_id")),
        sa.ForeignKeyConstraint(["upper_id"], ["upper_levels.id"], name=op.f("fk_received_offers_upper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_offers")),
        sa.UniqueConstraint("upper_id", "item", name=op.f("uq_received_offers_upper_id_item")),
    )
    op.create_index(op.f("ix_received_offers_announcement_id"), "received_offers", ["announcement_id"], unique=False)
    op.create_index(op.f("ix_received_offers_received_at"), "received_offers", ["received_at"], unique=False)
    op.create_index("ix_received_offers_state", "received_offers", ["state"], unique=False)
