"""Gauges, their readings, the rules over them, and what two people allowed of these; sources of warnings of our own."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("alert_sources", sa.Column("kind", sa.String(16), nullable=False, server_default="cap"))
    _gauges()
    _readings()
    _rules()
    _allowances()


def _gauges() -> None:
    op.create_table(
        "gauges",
        sa.Column("id", sa.String(48), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("unit_id", sa.String(48), nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("physical_unit", sa.String(16), nullable=False),
        sa.Column("lowest", sa.Double(), nullable=False),
        sa.Column("highest", sa.Double(), nullable=False),
        sa.Column("node_id", sa.String(48), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=True),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("password_sha256", sa.String(80), nullable=True),
        sa.Column("silent_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("created_by_id", sa.String(32), nullable=False),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.Column("last_at", _INSTANT, nullable=True),
        sa.Column("last_value", sa.Double(), nullable=True),
        sa.Column("heard_at", _INSTANT, nullable=True),
        *_keys("gauges", unit_id="units.id", node_id="nodes.id", created_by_id="people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gauges")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_gauges_token_hash")),
    )


def _readings() -> None:
    op.create_table(
        "gauge_readings",
        sa.Column("gauge_id", sa.String(48), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("by_http", sa.Boolean(), nullable=False),
        *_keys("gauge_readings", gauge_id="gauges.id"),
        sa.PrimaryKeyConstraint("gauge_id", "at", name=op.f("pk_gauge_readings")),
    )
    op.create_index("ix_gauge_readings_received_at", "gauge_readings", ["received_at"])


def _rules() -> None:
    op.create_table(
        "gauge_rules",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("gauge_id", sa.String(48), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("does", sa.String(32), nullable=False),
        sa.Column("level", sa.Double(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=False),
        sa.Column("falling", sa.Boolean(), nullable=False),
        sa.Column("in_row", sa.Integer(), nullable=False),
        sa.Column("lasting_seconds", sa.Integer(), nullable=False),
        sa.Column("rest_seconds", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.String(48), nullable=True),
        sa.Column("partner_level", sa.Double(), nullable=True),
        sa.Column("announcement_id", sa.String(32), nullable=True),
        sa.Column("drill_id", sa.String(32), nullable=True),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("crossed_at", _INSTANT, nullable=True),
        sa.Column("alert_id", sa.String(32), nullable=True),
        sa.Column("tested_at", _INSTANT, nullable=True),
        *_keys(
            "gauge_rules",
            gauge_id="gauges.id",
            partner_id="gauges.id",
            announcement_id="announcements.id",
            drill_id="announcements.id",
            alert_id="received_alerts.id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gauge_rules")),
    )
    op.create_index(op.f("ix_gauge_rules_gauge_id"), "gauge_rules", ["gauge_id"])


def _allowances() -> None:
    op.create_table(
        "gauge_allowances",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("rule_id", sa.String(32), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("clip_sha256", sa.String(64), nullable=False),
        sa.Column("spoken", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.String(32), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("confirmed_by_id", sa.String(32), nullable=True),
        sa.Column("confirmed_at", _INSTANT, nullable=True),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.Column("ended_at", _INSTANT, nullable=True),
        *_keys(
            "gauge_allowances",
            rule_id="gauge_rules.id",
            clip_sha256="clips.sha256",
            asked_by_id="people.id",
            confirmed_by_id="people.id",
            ended_by_id="people.id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gauge_allowances")),
    )
    op.create_index(op.f("ix_gauge_allowances_rule_id"), "gauge_allowances", ["rule_id"])


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}")) for name, target in columns.items()
    ]
