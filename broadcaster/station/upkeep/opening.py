"""Opening the station's database with what belongs to it: the key its audit trail is sealed with."""

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes.station_key import StationIdentity


def open_database(config: Config) -> Database:
    """The database of this configuration; the station's key is made where there is none yet.

    Raises Invalid for a key that is broken or another station's.
    """
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    database = Database(config.database_url, audit_key=identity.audit_key, spare_folder=config.data_dir.absolute())
    database.clips_dir = config.clips_dir
    return database
