"""Newer programs for the nodes over the air."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "node_releases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("program", sa.String(length=40), nullable=False),
        sa.Column("wheels", sa.JSON(), nullable=False),
        sa.Column("uploaded_by_id", sa.String(length=32), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.String(length=32), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("canaries", sa.JSON(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("quiet_only", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("wave_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["people.id"], name=op.f("fk_node_releases_uploaded_by_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name=op.f("fk_node_releases_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_releases")),
        sa.UniqueConstraint("program", name=op.f("uq_node_releases_program")),
    )
    _members()
    op.add_column("node_states", sa.Column("release", sa.JSON(), nullable=False, server_default="{}"))


def _members() -> None:
    op.create_table(
        "release_members",
        sa.Column("release_id", sa.String(length=32), nullable=False),
        sa.Column("node_id", sa.String(length=48), nullable=False),
        sa.Column("wave", sa.String(length=32), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["node_releases.id"], name=op.f("fk_release_members_release_id")),
        sa.ForeignKeyConstraint(["node_id"], ["nodes.id"], name=op.f("fk_release_members_node_id")),
        sa.PrimaryKeyConstraint("release_id", "node_id", name=op.f("pk_release_members")),
    )
