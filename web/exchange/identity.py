"""The station's own key, which signs what goes down and opens what is sealed here."""

from broadcaster.station.nodes.station_key import StationIdentity
from web.shell.services import services


def own_identity() -> StationIdentity:
    config = services().config
    return StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
