"""The station's database as a file of the backup, and back: SQLite or PostgreSQL, as it is configured."""

from pathlib import Path

from broadcaster.backups.files.contents import DATABASE, DUMP
from broadcaster.backups.limits import BackupLimits
from broadcaster.config import Config
from broadcaster.errors import Conflict
from broadcaster.station.database.copies import postgresql, sqlite
from broadcaster.station.database.copies.facts import DatabaseFacts


def is_postgresql(config: Config) -> bool:
    return config.database_url.startswith("postgresql")


def copy(config: Config, folder: Path, limits: BackupLimits) -> Path:
    """What the database holds now. Raises Conflict, Unavailable."""
    if is_postgresql(config):
        postgresql.dump(config.database_url, folder / DUMP, check=limits.check)
        return folder / DUMP
    sqlite.copy(config.data_dir / DATABASE, folder / DATABASE, check=limits.check)
    return folder / DATABASE


def facts(path: Path) -> DatabaseFacts:
    """Of a copy that was read to its end and is sound. Raises Invalid, Unavailable."""
    return postgresql.facts(path) if path.name == DUMP else sqlite.facts(path)


def require_same_kind(config: Config, path: Path) -> None:
    """Raises Conflict for a SQLite copy where PostgreSQL is configured, and the other way round."""
    if is_postgresql(config) != (path.name == DUMP):
        raise Conflict("backup.other_database", kind="PostgreSQL" if path.name == DUMP else "SQLite")
