"""What the station itself says is released by a second person; what was typed as the province's is from paper."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

LINES = sa.table(
    "dictionary_entries",
    sa.column("id", sa.String()),
    sa.column("reading", sa.String()),
    sa.column("match_case", sa.Boolean()),
    sa.column("whole_word", sa.Boolean()),
    sa.column("released", sa.JSON()),
)
ANNOUNCEMENTS = sa.table("announcements", sa.column("origin", sa.String()))


def upgrade() -> None:
    op.add_column("dictionary_entries", sa.Column("released", sa.JSON(), nullable=True))
    op.add_column("dictionary_entries", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("dictionary_entries", sa.Column("authors", sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    for line in connection.execute(sa.select(LINES)).mappings().all():
        said = {name: line[name] for name in ("reading", "match_case", "whole_word")}
        connection.execute(sa.update(LINES).where(LINES.c.id == line["id"]).values(released=said))
    typed = ANNOUNCEMENTS.c.origin.in_(["province", "central"])
    connection.execute(sa.update(ANNOUNCEMENTS).where(typed).values(origin="paper"))
