"""The station's database as a file of the backup, and back: SQLite or PostgreSQL, as it is configured."""

from pathlib import Path

from broadcaster.backups.files.contents import DATABASE, DUMP
from broadcaster.backups.limits import BackupLimits
from broadcaster.config import Config
from broadcaster.errors import Conflict
from broadcaster.station.database.copies import postgresql, sqlite
from broadcaster.station.database.copies import shut_out as shut_out_of
from broadcaster.station.database.copies.facts import DatabaseFacts
from broadcaster.station.database.copies.shut_out import ShutOut


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


def shut_out(config: Config, copy: Path | None = None) -> list[ShutOut]:
    """Who is let in no more, by a copy of the SQLite database or, without one and for PostgreSQL, by the station's."""
    path = copy or config.data_dir / DATABASE
    if is_postgresql(config):
        return shut_out_of.read(config.database_url)
    return shut_out_of.read(f"sqlite:///{path.absolute()}") if path.is_file() else []


def require_same_kind(config: Config, path: Path) -> None:
    """Raises Conflict for a SQLite copy where PostgreSQL is configured, and the other way round."""
    if is_postgresql(config) != (path.name == DUMP):
        raise Conflict("backup.other_database", kind="PostgreSQL" if path.name == DUMP else "SQLite")
