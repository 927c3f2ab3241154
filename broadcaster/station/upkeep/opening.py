"""Opening the station's database with what belongs to it: the key its audit trail is sealed with."""

from pathlib import Path

from sqlalchemy import make_url

from broadcaster.config import Config
from broadcaster.errors import Invalid
from broadcaster.station.copies import places
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.upkeep import cell_folder


def open_database(config: Config, *, any_key: bool = False) -> Database:
    """The database of this configuration; the station's key is made where neither it nor the database knows one yet.
    ``any_key``: also with a key the database does not know.

    Raises Invalid for a key that is broken, missing or another station's, and for a station whose database is gone.
    """
    data_dir = config.data_dir.absolute()
    _require_database(config)
    if not any_key:
        _check_key(config)
    identity = StationIdentity.load_or_create(data_dir, config.station.id)
    database = Database(config.database_url, audit_key=identity.audit_key, spare_folder=data_dir)
    database.clips_dir = config.clips_dir
    return database


def open_current(config: Config) -> Database:
    """The same at its newest schema, and knowing its key."""
    database = open_database(config)
    try:
        database.migrate()
        cell_folder.settle(database, StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id))
    except BaseException:
        database.dispose()
        raise
    return database


def _require_database(config: Config) -> None:
    """A station that has lost its database is not begun anew in silence, with the nodes and the key of the old one."""
    url = make_url(config.database_url)
    path, mark = Path(url.database or ""), config.data_dir / places.FILE
    if url.get_backend_name() != "sqlite" or not mark.is_file():
        return
    if not path.is_file() or path.stat().st_size == 0:
        raise Invalid("database.gone", path=path, mark=mark)


def _check_key(config: Config) -> None:
    trial = Database(config.database_url)
    try:
        cell_folder.check_key(trial, config.data_dir.absolute())
    finally:
        trial.dispose()
