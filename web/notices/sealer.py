"""The key that secrets of channels are sealed with, as the console reads it."""

from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.notices.sealing import Sealer
from web.shell.services import services


def sealer() -> Sealer:
    """Of the station whose data folder this is."""
    config = services().config
    return Sealer(StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id).seed)
