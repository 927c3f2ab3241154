"""What listens where, and whether in clear text: beyond this machine only where the configuration says so in words."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from broadcaster.certificates.machine_names import is_loopback
from broadcaster.config import BrokerSettings, Config
from broadcaster.errors import Invalid


@dataclass(frozen=True, slots=True)
class PlainListener:
    """setting: which makes it clear text; host, port: where it listens, or where what is not ours does."""

    setting: str
    host: str
    port: int


def console_is_encrypted(config: Config) -> bool:
    """Whether the console itself speaks TLS; a server in front of it is another matter."""
    wanted = config.web.encryption
    if wanted != "auto":
        return wanted == "always"
    return bool(config.tls.certificate) or not is_loopback(config.web.host)


def broker_is_encrypted(config: Config) -> bool:
    """Whether nodes and station speak TLS with the broker."""
    if config.broker.kind == "external":
        return bool(config.broker.tls_ca_file)
    wanted = config.broker.encryption
    return wanted == "always" or (wanted == "auto" and not is_loopback(config.broker.host))


def plain_beyond(config: Config) -> list[PlainListener]:
    """What is said in clear text beyond this machine."""
    broker, web, found = config.broker, config.web, []
    if not is_loopback(broker.host):
        setting = "broker.tls_ca_file" if broker.kind == "external" else "broker.encryption"
        if not broker_is_encrypted(config):
            found.append(PlainListener(setting, broker.host, broker.port))
        if broker.plain_port and broker.kind != "external":
            found.append(PlainListener("broker.plain_port", broker.host, broker.plain_port))
    if broker.hook_port and not is_loopback(broker.hook_host):
        found.append(PlainListener("broker.hook_host", broker.hook_host, broker.hook_port))
    found += _management(broker)
    if not console_is_encrypted(config) and not is_loopback(web.host):
        found.append(PlainListener("web.encryption", web.host, web.port))
    return found


def _management(broker: BrokerSettings) -> list[PlainListener]:
    """The interface at which a broker of others is told passwords, where that is not encrypted."""
    where = urlsplit(broker.management_url)
    used = broker.kind == "external" and broker.management != "none" and where.scheme == "http"
    if not used or is_loopback(where.hostname or ""):
        return []
    return [PlainListener("broker.management_url", where.hostname or "", where.port or 80)]


def require_encrypted(config: Config) -> None:
    """Raises Invalid for a listener in clear text that nobody allowed."""
    if config.tls.plain_listeners == "allowed":
        return
    for each in plain_beyond(config):
        facts = {"setting": each.setting, "host": each.host, "port": each.port}
        raise Invalid("tls.plain_listener", field=each.setting, **facts)
