"""The address others reach the station by, chosen while it is set up."""

from broadcaster import chosen_settings
from broadcaster.certificates import authority, server_certificate
from broadcaster.certificates.authority import Authority
from broadcaster.certificates.machine_names import address_of, is_loopback
from broadcaster.config import Config
from broadcaster.errors import Invalid, Unavailable


def choose(config: Config, address: str) -> None:
    """Broker, enrolment and console listen for other machines, encrypted, and nodes are told this address; a loopback
    address or none keeps the station to this machine. Raises Invalid, Unavailable.
    """
    name = address.strip().lower().removesuffix(".")
    here = not name or is_loopback(name)
    if not here and not authority.usable_name(address_of(name) or name):
        raise Invalid("setup.address_malformed", field="address", address=address.strip()[:100])
    host = "127.0.0.1" if here else "0.0.0.0"  # noqa: S104 - encrypted, as the certificates room sees to
    changed = {"broker": {"host": host, "public_host": "" if here else name}, "web": {"host": host}}
    try:
        chosen_settings.write(config.data_dir, changed)
    except OSError as error:
        raise Unavailable("backup.not_written", path=config.data_dir, cause=error.strerror) from None


def certify(config: Config, clock: server_certificate.Clock) -> Authority:
    """The authority that vouches for this machine, made now where there is none. Raises Unavailable."""
    server_certificate.keep(config, now_at=clock())
    return authority.load_or_create(config, now_at=clock())


def console_url(config: Config, address: str) -> str:
    """Where the console is after this choice."""
    name = address.strip().lower().removesuffix(".") or "127.0.0.1"
    scheme = "http" if is_loopback(name) and config.web.encryption != "always" else "https"
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{config.web.port}/"
