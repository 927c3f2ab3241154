"""A province: its communes, what is composed for them, what they reported."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _province_communes()
    _province_items()
    _province_plays()
    _province_reports()
    _province_offers()


def _province_communes() -> None:
    op.create_table(
        "province_communes",
        sa.Column("id", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("head_mark", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nodes", sa.JSON(), nullable=False),
        sa.Column("nodes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reports_head", sa.Integer(), nullable=False),
        sa.Column("went_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_communes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_province_communes_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_province_communes_token_hash")),
    )


def _province_items() -> None:
    op.create_table(
        "province_items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("broadcast_class", sa.String(length=32), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("recording_sha256", sa.String(length=64), nullable=True),
        sa.Column("sound_bytes", sa.Integer(), nullable=False),
        sa.Column("sound_name", sa.String(length=120), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("communes", sa.JSON(), nullable=False),
        sa.Column("composed_by_id", sa.String(length=32), nullable=False),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.String(length=32), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraws_id", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["composed_by_id"], ["people.id"], name=op.f("fk_province_items_composed_by_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["people.id"], name=op.f("fk_province_items_released_by_id")),
        sa.ForeignKeyConstraint(["withdraws_id"], ["province_items.id"], name=op.f("fk_province_items_withdraws_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province_items")),
    )
    op.create_index(op.f("ix_province_items_composed_at"), "province_items", ["composed_at"], unique=False)


def _province_plays() -> None:
    op.create_table(
        "province_plays",
        sa.Column("commune_id", sa.String(length=48), nullable=False),
        sa.Column("broadcast", sa.String(length=64), nullable=False),
        sa.Column("node", sa.String(length=48), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("node_name", sa.String(length=400), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("requested_seconds", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["province_communes.id"], name=op.f("fk_province_plays_commune_id")),
        sa.PrimaryKeyConstraint("commune_id", "broadcast", "node", name=op.f("pk_province_plays")),
    )
    op.create_index("ix_province_plays_at", "province_plays", ["at", "commune_id"], unique=False)
    op.create_index(op.f("ix_province_plays_item"), "province_plays", ["item"], unique=False)


def _province_reports() -> None:
    op.create_table(
        "province_reports",
        sa.Column("commune_id", sa.String(length=48), nullable=False),
        sa.Column("report", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["province_communes.id"], name=op.f("fk_province_reports_commune_id")),
        sa.PrimaryKeyConstraint("commune_id", "report", name=op.f("pk_province_reports")),
    )
    op.create_index("ix_province_reports_item", "province_reports", ["item", "commune_id"], unique=False)


def _province_offers() -> None:
    op.create_table(
        "province_offers",
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("commune_id", sa.String(length=48), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned_nodes", sa.Integer(), nullable=False),
        sa.Column("nodes_played", sa.Integer(), nullable=False),
        sa.Column("nodes_failed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["province_communes.id"], name=op.f("fk_province_offers_commune_id")),
        sa.ForeignKeyConstraint(["item_id"], ["province_items.id"], name=op.f("fk_province_offers_item_id")),
        sa.PrimaryKeyConstraint("item_id", "commune_id", name=op.f("pk_province_offers")),
        sa.UniqueConstraint("commune_id", "number", name=op.f("uq_province_offers_commune_id_number")),
    )
