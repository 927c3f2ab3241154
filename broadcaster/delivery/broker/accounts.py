"""The station's account at its broker, and the address nodes reach it by; loads no broker."""

from dataclasses import replace
from pathlib import Path

from broadcaster.config import BrokerSettings, Config
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.credentials import load_or_create_password
from broadcaster.delivery.broker.files import write_private
from broadcaster.delivery.broker.sockets import free_port, reachable
from broadcaster.protocol.enrolment import BrokerAddress


def account(config: Config) -> BrokerAccess:
    """The account at whichever broker the configuration names."""
    settings = config.broker
    if settings.kind == "external":
        return _access(settings, port=settings.port or 1883, username=settings.username)
    return own_access(config)


def own_access(config: Config) -> BrokerAccess:
    """The station's account at a broker of its own; the password and a free port are made at the first start."""
    folder = config.data_dir.absolute() / "broker"
    port = config.broker.port or _remembered_port(folder / "port", config.broker.host)
    access = _access(config.broker, port=port, username=STATION_USER)
    return replace(access, password=load_or_create_password(folder / "station-password"), tls_ca_file="")


def address(config: Config) -> BrokerAddress:
    """Where a node finds the broker."""
    access = account(config)
    ca = Path(access.tls_ca_file).read_text() if access.tls_ca_file else ""
    return BrokerAddress(host=config.broker.public_host or access.host, port=access.port, tls_ca_pem=ca)


def _access(settings: BrokerSettings, *, port: int, username: str) -> BrokerAccess:
    return BrokerAccess(
        host=settings.host,
        port=port,
        username=username,
        password=settings.password,
        tls_ca_file=settings.tls_ca_file,
        in_flight=settings.in_flight,
        connect_seconds=settings.connect_seconds,
    )


def _remembered_port(path: Path, host: str) -> int:
    if not path.exists():
        write_private(path, str(free_port(reachable(host))))
    return int(path.read_text(encoding="ascii"))
