"""The schema's history, applied from inside the program: no alembic.ini, no working directory.

Alembic is imported when the schema has to be changed, not by everybody who reads or writes: it takes 11 MB of memory
and a third of a second of every process's start.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from broadcaster.errors import Unavailable

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(connection: Connection, *, audit_key: bytes = b"") -> None:
    """Apply every migration this database has not seen, in the caller's transaction; the key seals an audit trail of
    before there was one.

    Raises Unavailable for a database of an unreleased older program, or of a newer one.
    """
    if _revision(connection) == newest_revision():
        return
    from alembic import command
    from alembic.migration import MigrationContext

    settings = configuration(connection)
    settings.attributes["audit_key"] = audit_key
    there = MigrationContext.configure(connection).get_current_revision()
    known = known_revisions()
    if there is not None and there not in known:
        raise Unavailable("database.too_old" if there < min(known) else "database.newer", revision=there)
    command.upgrade(settings, "head")


@cache
def newest_revision() -> str:
    """Of this program, as the names of its migrations' files say it."""
    names = [each.name for each in (Path(__file__).parent / "versions").rglob("*.py")]
    return max(found[1] for each in names if (found := re.match(r"m?(\d{4})_", each)))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@cache
def known_revisions() -> frozenset[str]:
    """Every schema this program can work with, or bring up to date."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    _locate(config)
    return frozenset(each.revision for each in ScriptDirectory.from_config(config).walk_revisions())


def _locate(config: "Config") -> None:
    """Where the migrations lie, in ``versions`` and the rooms below it."""
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("recursive_version_locations", "true")


def configuration(connection: Connection) -> "Config":
    """Alembic's settings for this connection."""
    from alembic.config import Config

    config = Config()
    _locate(config)
    config.attributes["connection"] = connection
    return config
