"""What residents say about nodes, and what the commune answers."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("node_id", sa.String(48), nullable=False),
        sa.Column("unit_id", sa.String(48), nullable=False),
        sa.Column("problem", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("voice", sa.String(32), nullable=False),
        sa.Column("voice_reason", sa.Text(), nullable=False),
        sa.Column("voice_ms", sa.Integer(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("sender", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("same_as_id", sa.String(32), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("taken_by_id", sa.String(32), nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.String(32), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("announcement_id", sa.String(32), nullable=True),
        sa.Column("forgotten_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("code", name=op.f("uq_feedback_code")),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_feedback_node_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_feedback_unit_id")),
        sa.ForeignKeyConstraint(["same_as_id"], ["feedback.id"], name=op.f("fk_feedback_same_as_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name=op.f("fk_feedback_taken_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_feedback_answered_by_id")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_feedback_announcement_id")),
    )
    for columns in (["node_id", "received_at"], ["state", "received_at"]):
        op.create_index(f"ix_feedback_{'_'.join(columns)}", "feedback", columns)
    for column in ("voice", "received_at", "digest", "same_as_id"):
        op.create_index(op.f(f"ix_feedback_{column}"), "feedback", [column])
