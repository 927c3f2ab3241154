"""Which broker the configuration asks for."""

from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import account, own_access
from broadcaster.delivery.broker.embedded.broker import Embedded
from broadcaster.delivery.broker.external import External
from broadcaster.delivery.broker.mosquitto import Mosquitto, executable
from broadcaster.delivery.broker.port import Broker

__all__ = ["choose", "own_access"]


def choose(config: Config) -> Broker:
    """The broker of this station, not started yet."""
    settings = config.broker
    if settings.kind == "external":
        return External(account(config))
    folder = config.data_dir.absolute() / "broker"
    access = own_access(config)
    if settings.kind == "mosquitto" or (settings.kind == "auto" and executable()):
        return Mosquitto(folder=folder, access=access, station=config.station.id)
    return Embedded(access=access, station=config.station.id)
