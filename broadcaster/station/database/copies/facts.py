"""What is known of a copy of the database, whichever database it is of."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadcaster.errors import Invalid
from broadcaster.station.database.migrations import known_revisions

TABLE_OF_REVISION = "alembic_version"
NUMBERS_SKIPPED = 1_000_000
"""After a restore agenda numbers go on so much higher at least: nodes have seen numbers the copy does not know."""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """kind: sqlite or postgresql; revision: of its schema; counts: rows by table."""

    kind: str
    revision: str
    counts: dict[str, int]


def numbering(now_at: datetime) -> tuple[str, str]:
    """What puts agenda numbers above all that were issued after the copy was made, also of nodes that had none then.

    At least at the seconds of the time of restoring: fewer agendas are issued than seconds go by, so whatever the same
    copy, restored before, has issued since lies below. ``:nothing`` in them stands for no bytes.
    """
    least = int(now_at.timestamp())
    higher = f"number + {NUMBERS_SKIPPED}"
    chosen = f"CASE WHEN {higher} > {least} THEN {higher} ELSE {least} END"
    return (
        f"UPDATE agenda_issues SET number = {chosen}, digest = ''",  # noqa: S608 - numbers of our own
        "INSERT INTO agenda_issues (node_id, number, digest, token, issued_at, expires_at) "  # noqa: S608 - the same
        f"SELECT id, {least}, '', :nothing, created_at, created_at FROM nodes "
        "WHERE revoked_at IS NULL AND id NOT IN (SELECT node_id FROM agenda_issues)",
    )


def require_known(revision: str | None, path: Path) -> str:
    """The revision, when this program can work with it. Raises Invalid for a newer program's and for no station's."""
    if not revision:
        raise Invalid("backup.no_station", path=path.name)
    if revision not in (known := known_revisions()):
        code = "backup.database_too_old" if revision < min(known) else "backup.newer"
        raise Invalid(code, path=path.name, version=revision)
    return revision
