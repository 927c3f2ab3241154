"""The station's account at its broker, and the address nodes reach it by; loads no broker."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from broadcaster.certificates import authority
from broadcaster.certificates.listeners import broker_is_encrypted
from broadcaster.certificates.machine_names import outward_address
from broadcaster.config import BrokerSettings, Config
from broadcaster.delivery.broker.access import STATION_USER, BrokerAccess
from broadcaster.delivery.broker.credentials import load_or_create_password
from broadcaster.delivery.broker.sockets import free_port, reachable
from broadcaster.private_files import write_private
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
    password = load_or_create_password(folder / "station-password")
    return replace(access, password=password, tls_ca_file=_own_authority(config))


def address(config: Config) -> BrokerAddress:
    """Where a node finds the broker."""
    access = account(config)
    ca = Path(access.tls_ca_file).read_text(encoding="ascii") if access.tls_ca_file else ""
    return BrokerAddress(host=outward_host(config), port=access.port, tls_ca_pem=ca)


def outward_host(config: Config) -> str:
    """The name or address by which others reach broker and enrolment."""
    host = config.broker.host
    return config.broker.public_host or (outward_address() if reachable(host) != host else host)


def _own_authority(config: Config) -> str:
    """The file of the authority that our own broker's certificate is by; empty where it speaks clear text."""
    if not broker_is_encrypted(config):
        return ""
    authority.load_or_create(config, now_at=datetime.now(UTC))
    return str(authority.certificate_file(config))


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
