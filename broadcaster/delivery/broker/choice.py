"""Which broker the configuration asks for."""

from datetime import UTC, datetime
from pathlib import Path

from broadcaster.certificates import server_certificate
from broadcaster.certificates.listeners import broker_is_encrypted
from broadcaster.config import Config
from broadcaster.delivery.broker.accounts import account, own_access
from broadcaster.delivery.broker.cluster import management
from broadcaster.delivery.broker.cluster.book import AccountBook
from broadcaster.delivery.broker.cluster.tenancy import Tenancy
from broadcaster.delivery.broker.external import External
from broadcaster.delivery.broker.mosquitto import Mosquitto, executable
from broadcaster.delivery.broker.port import Broker

__all__ = ["choose", "own_access"]


def choose(config: Config) -> Broker:
    """The broker of this station, not started yet."""
    settings = config.broker
    if settings.kind == "external":
        tenancy = Tenancy.of(config)
        book = AccountBook(tenancy, settings.password)
        return External(account(config), book=book, settings=settings, management=management.choose(settings, tenancy))
    folder = config.data_dir.absolute() / "broker"
    access, station = own_access(config), config.station.id
    encrypted, plain_port = broker_is_encrypted(config), settings.plain_port
    if settings.kind == "mosquitto" or (settings.kind == "auto" and executable()):

        def certificate() -> Path:
            return server_certificate.keep(config, now_at=now())

        source = certificate if encrypted else None
        return Mosquitto(folder=folder, access=access, station=station, certificate=source, plain_port=plain_port)
    from broadcaster.delivery.broker.embedded.broker import Embedded  # amqtt is slow to start, and seldom used

    shown = server_certificate.own(config, now) if encrypted else None
    return Embedded(access=access, station=station, certificate=shown, plain_port=plain_port)


def now() -> datetime:
    """What certificates go by: the machine's own clock. When it is put right they are issued anew."""
    return datetime.now(UTC)
