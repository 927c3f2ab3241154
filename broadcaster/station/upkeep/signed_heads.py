"""The signed end of the audit trail for what leaves the station: a backup carries it in its manifest."""

import sqlite3
from contextlib import closing
from pathlib import Path

from broadcaster.config import Config
from broadcaster.protocol.agenda import AuditHead
from broadcaster.station.audit import heads
from broadcaster.station.nodes.station_key import FILE, StationIdentity
from broadcaster.station.upkeep.opening import open_database


def of_station(config: Config) -> AuditHead | None:
    """As it is now. None before anything was recorded, and without a key."""
    identity = _identity(config)
    if identity is None:
        return None
    database = open_database(config)
    try:
        with database.reading() as s:
            return identity.sign_head(heads.head(s))
    finally:
        database.dispose()


def of_copy(config: Config, copy: Path) -> AuditHead | None:
    """As it is in a copy of the SQLite database, which is not changed by being asked."""
    identity = _identity(config)
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as database:
        chosen = "SELECT number, hash FROM audit_entries ORDER BY number DESC LIMIT 1"
        last = database.execute(chosen).fetchone()
    return identity.sign_head(AuditHead(entry=last[0], hash=last[1])) if identity and last else None


def _identity(config: Config) -> StationIdentity | None:
    if not (config.data_dir / FILE).exists():
        return None
    return StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
