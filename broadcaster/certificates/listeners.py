"""What listens where, and whether in clear text: beyond this machine only where the configuration says so in words."""

from dataclasses import dataclass

from broadcaster.certificates.machine_names import is_loopback
from broadcaster.config import Config
from broadcaster.errors import Invalid


@dataclass(frozen=True, slots=True)
class PlainListener:
    """setting: which makes it clear text; host, port: where it listens, or for an external broker where it is."""

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
    if not console_is_encrypted(config) and not is_loopback(web.host):
        found.append(PlainListener("web.encryption", web.host, web.port))
    return found


def require_encrypted(config: Config) -> None:
    """Raises Invalid for a listener in clear text that nobody allowed."""
    if config.tls.plain_listeners == "allowed":
        return
    for each in plain_beyond(config):
        facts = {"setting": each.setting, "host": each.host, "port": each.port}
        raise Invalid("tls.plain_listener", field=each.setting, **facts)
