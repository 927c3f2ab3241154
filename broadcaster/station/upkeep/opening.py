"""Opening the station's database with what belongs to it: the key its audit trail is sealed with."""

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.upkeep import cell_folder


def open_database(config: Config, *, any_key: bool = False) -> Database:
    """The database of this configuration; the station's key is made where neither it nor the database knows one yet.
    ``any_key``: also with a key the database does not know.

    Raises Invalid for a key that is broken, missing or another station's.
    """
    data_dir = config.data_dir.absolute()
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


def _check_key(config: Config) -> None:
    trial = Database(config.database_url)
    try:
        cell_folder.check_key(trial, config.data_dir.absolute())
    finally:
        trial.dispose()
